import { Menu, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconChevronDown, IconSearch, IconX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import type { CostOverview } from '#shared/contract/costs.ts'
import { operationName, providerName } from './cost-words.ts'
import css from './ledger.module.css'
import type { CostsQuery, FilterKey } from './use-costs-query.ts'

const settleMs = 250

/** Chips that hold the page against a provider, a kind, a feed, a model, a template; and words of a title. */
export function LedgerFilters(props: {
  query: CostsQuery
  /** Of the period, without choices: what there is to choose from. */
  whole: CostOverview
  providers: ReadonlyMap<string, string>
  templates: ReadonlyMap<string, string>
}) {
  const { query, whole } = props
  const chips: { key: FilterKey; all: string; options: { value: string; label: string }[] }[] = [
    {
      key: 'provider',
      all: 'All providers',
      options: whole.byProvider.map(({ key }) => ({ value: key, label: providerName(key, props.providers) })),
    },
    {
      key: 'operation',
      all: 'Any kind',
      options: whole.byOperation.map(({ key }) => ({ value: key, label: operationName(key) })),
    },
    { key: 'feedId', all: 'All feeds', options: whole.byFeed.map(({ key, title }) => ({ value: key, label: title })) },
    { key: 'model', all: 'All models', options: whole.byModel.map(({ key, title }) => ({ value: key, label: title })) },
    {
      key: 'template',
      all: 'All templates',
      options: whole.byTemplate.map(({ key, title }) => ({ value: key, label: props.templates.get(key) ?? title })),
    },
  ]
  const isFiltered = Object.keys(query.chosen).length > 0
  return (
    <search className={css.filters} aria-label="Ledger">
      {chips.map(({ key, all, options }) => (
        <FilterChip
          key={key}
          all={all}
          options={options.filter(({ value }) => value !== '')}
          value={query.chosen[key]}
          onChoose={(value) => query.choose({ [key]: value })}
        />
      ))}
      <TextFilter value={query.chosen.text ?? ''} onChange={(text) => query.choose({ text })} />
      {isFiltered && (
        <button type="button" className="ik-link" onClick={query.clear}>
          Show everything
        </button>
      )}
    </search>
  )
}

function FilterChip(props: {
  all: string
  options: { value: string; label: string }[]
  value: string | undefined
  onChoose: (value: string | null) => void
}) {
  const { all, options, value } = props
  const label = value === undefined ? all : (options.find((option) => option.value === value)?.label ?? value)
  if (value === undefined && options.length < 2) return null
  return (
    <span className={css.chip} data-chosen={value !== undefined || undefined}>
      <Menu position="bottom-start" withinPortal={false}>
        <Menu.Target>
          <button type="button">
            <span className="ik-cut">{label}</span>
            {value === undefined && <IconChevronDown size={12} aria-hidden="true" />}
          </button>
        </Menu.Target>
        <Menu.Dropdown className={css.menu}>
          {value !== undefined && <Menu.Item onClick={() => props.onChoose(null)}>{all}</Menu.Item>}
          {options.map((option) => (
            <Menu.Item
              key={option.value}
              aria-current={option.value === value || undefined}
              onClick={() => props.onChoose(option.value)}
            >
              {option.label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {value !== undefined && (
        <button type="button" aria-label={`${all} instead of ${label}`} onClick={() => props.onChoose(null)}>
          <IconX size={12} aria-hidden="true" />
        </button>
      )}
    </span>
  )
}

function TextFilter({ value, onChange }: { value: string; onChange: (text: string | null) => void }) {
  const [typed, setTyped] = useState(value)
  const settle = useDebouncedCallback((text: string) => onChange(text.trim() || null), settleMs)
  // The address is the truth: "Show everything" empties the field, also before what was typed has settled.
  useEffect(() => setTyped((now) => (now.trim() === value ? now : value)), [value])
  return (
    <TextInput
      size="xs"
      className={css.text}
      aria-label="Find an episode or a feed in the ledger"
      placeholder="Find an episode"
      leftSection={<IconSearch size={14} aria-hidden="true" />}
      maxLength={200}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        settle(event.currentTarget.value)
      }}
    />
  )
}
