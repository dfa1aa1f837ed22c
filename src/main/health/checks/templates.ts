import { ok } from '#shared/result.ts'
import type { TemplateFact } from '../../templates/upkeep.ts'
import { ChangedMeanwhile, type Check, type Found, found, type Mend } from '../check.ts'
import type { TemplateFiles } from '../ports.ts'
import { are, count } from '../words.ts'

/** The user's templates against what was saved. One that was edited by hand and reads well is no finding. */
export function templatesCheck(deps: { readonly templates: TemplateFiles }): Check {
  const { templates } = deps
  return {
    name: 'templates',
    words: 'Reading your templates',
    async run(pass) {
      const facts = templates.inspect()
      await pass.breathe()
      const findings = findingsOf(templates, facts)
      const own = facts.filter(({ kind }) => kind !== 'missing').length
      return {
        title: own === 0 ? 'Templates' : `${count(own, 'template')} of yours`,
        facts: findings.length > 0 ? 'not all as saved' : own === 0 ? 'none of your own' : 'all can be used',
        findings,
      }
    },
  }
}

function findingsOf(templates: TemplateFiles, facts: readonly TemplateFact[]): Found[] {
  const findings: Found[] = []
  const say = (
    of: readonly TemplateFact[],
    finding: (n: number) => Pick<Found, 'id' | 'severity' | 'title'> & { detail: string; mend?: Mend },
  ): void => {
    if (of.length === 0) return
    const subjects = of.map(({ fileName, problem }) => `${fileName}: ${problem}`)
    const look = of.map(({ kind, fileName, sha256 }) => [kind, fileName, sha256])
    findings.push(found({ ...finding(of.length), subjects, look }))
  }
  const damaged = facts.filter(({ kind, saved }) => kind === 'damaged' && saved !== null)
  say(damaged, (n) => ({
    id: 'templates/damaged',
    severity: 'error',
    title: `${count(n, 'template')} of yours ${are(n)} damaged.`,
    detail: `Inkwell has kept the ${n === 1 ? 'text' : 'texts'} as last saved. Notes that were made with ${n === 1 ? 'it' : 'them'} are not touched by it.`,
    mend: putBack(templates, damaged),
  }))
  const missing = facts.filter(({ kind }) => kind === 'missing')
  say(missing, (n) => ({
    id: 'templates/missing',
    severity: 'warning',
    title: `${count(n, 'template')} of yours ${are(n)} not in the folder of templates any more.`,
    detail: `You deleted ${n === 1 ? 'it' : 'them'} outside Inkwell, or another program did. The ${n === 1 ? 'text is' : 'texts are'} kept; leave it as it is when you meant it.`,
    mend: putBack(templates, missing),
  }))
  const nearly = facts.filter(({ kind }) => kind === 'nearly')
  say(nearly, (n) => ({
    id: 'templates/nearly',
    severity: 'info',
    title: `${count(n, 'template')} of yours ${n === 1 ? 'differs' : 'differ'} a little from what was saved.`,
    detail: `${n === 1 ? 'It reads' : 'They read'} well and ${are(n)} used as ${n === 1 ? 'it stands' : 'they stand'}. A disk that rots looks so, and so does a small change by hand: leave it as it is when it was you.`,
    mend: putBack(templates, nearly),
  }))
  const unreadable = facts.filter(({ kind, saved }) => kind === 'damaged' && saved === null)
  say(unreadable, (n) => ({
    id: 'templates/unreadable',
    severity: 'warning',
    title: `${count(n, 'template')} that you put into the folder of templates cannot be used.`,
    detail: `Inkwell did not write ${n === 1 ? 'it' : 'them'} and has no other text of ${n === 1 ? 'it' : 'them'}. ${n === 1 ? 'It was' : 'They were'} left as ${n === 1 ? 'it is' : 'they are'}: mend the line that is named, or move the file away.`,
  }))
  return findings
}

const putBack = (templates: TemplateFiles, facts: readonly TemplateFact[]): Mend => ({
  label: facts.length === 1 ? 'Put back what was saved' : `Put back the ${facts.length} as saved`,
  prepare: () => ({
    scope:
      'Writes these templates as they were last saved. What stands there now stays beside it under another name. Nothing else is touched.',
    rows: facts.map(({ name, fileName, problem, saved }) => ({
      before: problem ?? fileName,
      after: `${name}, ${count(saved!.yaml.split('\n').length - 1, 'line')} as saved`,
      remark: fileName,
    })),
    seen: facts,
    perform: async () => {
      const done = await templates.putBack(facts)
      if (!done.ok) {
        if (done.error.code === 'changed-meanwhile') throw new ChangedMeanwhile()
        return done
      }
      const { aside } = done.value
      return ok(
        `${count(facts.length, 'template')} put back.${aside.length > 0 ? ` What stood there is kept as ${aside.join(', ')}.` : ''}`,
      )
    },
  }),
})
