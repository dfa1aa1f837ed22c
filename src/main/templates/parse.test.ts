import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { offlineRecipes, parseTemplate } from './parse.ts'

const minimal = 'name: mine\nuser_prompt_template: "{{ transcript }}"\n'
const messageOf = (yaml: string): string => {
  const parsed = parseTemplate(yaml)
  return parsed.ok ? 'ok' : parsed.error.message
}
const shaped = (yaml: string) => {
  const parsed = parseTemplate(yaml)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}

describe('parseTemplate', () => {
  it('reads the eight built-in templates, each with its own recipe', () => {
    const folder = new URL('../../../assets/templates/', import.meta.url)
    const names = readdirSync(folder).map((file) => {
      const template = shaped(readFileSync(new URL(file, folder), 'utf8'))
      expect(template.offlineRecipe).toBe(template.name)
      expect(`${template.name}.yaml`).toBe(file)
      expect(template.userPromptTemplate).toContain('{{ transcript }}')
      expect(template.systemPrompt.length).toBeGreaterThan(100)
      return template.name
    })
    expect(names.sort()).toEqual([...offlineRecipes].sort())
  })

  it('keeps scalars as they are written', () => {
    const template = shaped(
      `${minimal}version: 1.10\ndescription: no\ncategory: 22:22\nvariables:\n- {name: country, default: 010}\n`,
    )
    expect(template.version).toBe('1.10')
    expect(template.description).toBe('no')
    expect(template.category).toBe('22:22')
    expect(template.variables[0]?.defaultText).toBe('010')
  })

  it('reads what inkwell-cli and hand editors write: comments, CRLF, a byte-order mark, null', () => {
    const template = shaped(
      `\ufeff# mine\r\nname: mine\r\ndescription: ~\r\nversion: "null"\r\nuser_prompt_template: |\r\n  {% for x in y %}a{% endfor %}\r\nmodel_preference:\r\n`,
    )
    expect(template).toMatchObject({ description: '', version: 'null', modelPreference: 'auto', maxTokens: 2000 })
  })

  it('needs a model unless a variable names a recipe', () => {
    expect(shaped(minimal).offlineRecipe).toBeNull()
    expect(shaped(`${minimal}variables:\n  - name: offline_recipe\n    default: quotes\n`).offlineRecipe).toBe('quotes')
  })

  it('never reaches a prototype', () => {
    shaped(`${minimal}__proto__: {polluted: yes}\nconstructor: {prototype: {polluted: yes}}\n`)
    expect(({} as { polluted?: string }).polluted).toBeUndefined()
  })

  it.each(
    [
      ['', 'Line 1: a template is a list of fields such as “name: my-template”.'],
      ['name: mine\n', 'Line 1: “user_prompt_template” is missing.'],
      [
        'name: ../../x\nuser_prompt_template: a\n',
        'Line 1: “../../x” cannot be a name. Use letters, digits, “-” and “_”, beginning with a letter or digit.',
      ],
      [
        'user_prompt_template: a\nname: con\n',
        'Line 2: “con” cannot be a name. Use letters, digits, “-” and “_”, beginning with a letter or digit.',
      ],
      [
        'user_prompt_template: a\nname: ""\n',
        'Line 2: “” cannot be a name. Use letters, digits, “-” and “_”, beginning with a letter or digit.',
      ],
      [`${minimal}temperature: hot\n`, 'Line 3: “temperature” is “hot”; it must be a number.'],
      [`${minimal}temperature: 3\n`, 'Line 3: “temperature” is 3; it must be from 0 to 1.'],
      [`${minimal}max_tokens: 0x10\n`, 'Line 3: “max_tokens” is “0x10”; it must be a whole number.'],
      [
        `${minimal}expected_format: pdf\n`,
        'Line 3: “expected_format” is “pdf”; it must be json, markdown, yaml or text.',
      ],
      [`${minimal}\n\nvariables: x\n`, 'Line 5: “variables” is text; it must be a list.'],
      [
        `${minimal}variables:\n  - name: offline_recipe\n    default: magic\n`,
        'Line 4: “offline_recipe” is “magic”; it must be one of',
      ],
      [`${minimal}name: other\n`, 'Line 3: “name” is there twice.'],
      [`${minimal}a: &x [1]\nb: *x\n`, 'Line 4: aliases (*name) are not allowed in templates.'],
      [`${minimal}a: &x [*x]\n`, 'Line 3: aliases (*name) are not allowed in templates.'],
      [`${minimal}a: !!js/function 'x'\n`, 'Line 3: type tags such as !!js/function are not allowed.'],
      [
        `${minimal}a: !!python/object/apply:os.system ['x']\n`,
        'Line 3: type tags such as !!js/function are not allowed.',
      ],
      [`${minimal}---\nname: b\n`, 'there is more than one document in this file.'],
      [`${minimal}a:\n\t- b\n`, 'Line 4:'],
      [`${minimal}a: "\u0000"\n`, 'Line 3: there is a control character here; a text file has none.'],
      [`${minimal}a: ${'['.repeat(40)}${']'.repeat(40)}\n`, 'Line 3: this is nested more than 32 levels deep.'],
      [`${minimal}a: ${'['.repeat(100_000)}\n`, ''],
      [`${minimal}a: ${'x'.repeat(262_144)}\n`, 'This file is larger than 256 KB.'],
    ].map(([yaml, message]) => [yaml?.slice(0, 90), message, yaml] as [string, string, string]),
  )('refuses %j: %s', (_, message, yaml) => {
    expect(messageOf(yaml)).not.toBe('ok')
    expect(messageOf(yaml)).toContain(message)
  })

  it('is not slowed down by many keys', () => {
    const yaml = minimal + Array.from({ length: 20_000 }, (_, index) => `k${index}: 1\n`).join('')
    expect(shaped(yaml).name).toBe('mine')
  })
})
