import { ActionIcon } from '@mantine/core'
import { IconChevronDown, IconChevronUp, IconSearch, IconX } from '@tabler/icons-react'
import type { KeyboardEvent, RefObject } from 'react'
import { formatCount } from '../../lib/format.ts'
import css from './transcript.module.css'
import type { useTranscriptSearch } from './use-transcript-search.ts'

/** Enter goes to the next hit, Shift Enter back, Escape clears. */
export function TranscriptSearch(props: {
  search: ReturnType<typeof useTranscriptSearch>
  field: RefObject<HTMLInputElement | null>
}) {
  const { search, field } = props
  const count = search.hits.length
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault()
      if (event.shiftKey) search.previous()
      else search.next()
    }
    if (event.key === 'Escape' && search.query !== '') {
      event.stopPropagation()
      search.setQuery('')
    }
  }
  const words =
    search.query.trim() === ''
      ? ''
      : count === 0
        ? 'Nothing'
        : search.current < 0
          ? formatCount(count)
          : `${formatCount(search.current + 1)} of ${formatCount(count)}`
  return (
    <search className={css.search}>
      <IconSearch size={14} stroke={1.7} aria-hidden="true" />
      <input
        ref={field}
        aria-label="Search this transcript"
        placeholder="Search this transcript"
        value={search.query}
        onChange={(event) => search.setQuery(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <small role="status">{words}</small>
      {search.query !== '' && (
        <>
          <ActionIcon size={24} aria-label="Previous match" disabled={count === 0} onClick={search.previous}>
            <IconChevronUp size={14} />
          </ActionIcon>
          <ActionIcon size={24} aria-label="Next match" disabled={count === 0} onClick={search.next}>
            <IconChevronDown size={14} />
          </ActionIcon>
          <ActionIcon
            size={24}
            aria-label="Clear"
            onClick={() => {
              search.setQuery('')
              field.current?.focus()
            }}
          >
            <IconX size={13} />
          </ActionIcon>
        </>
      )}
    </search>
  )
}
