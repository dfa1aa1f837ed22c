import { createHash } from 'node:crypto'
import { fail, type Json, ok, type Result } from '#shared/result.ts'
import type { Stage, StageContext } from '../jobs/stage.ts'
import type { Episodes, NoteDraft, Notes, TranscriptLadder, WriteNotesFailure, WrittenNotes } from '../services.ts'
import { countOf, draftKey, problemsKey, type TemplateProblem } from './extraction.ts'
import { episodeMissing } from './source.ts'

interface NotesDeps {
  readonly episodes: Pick<Episodes, 'get' | 'markProcessed'>
  readonly ladder: Pick<TranscriptLadder, 'stored'>
  readonly notes: Pick<Notes, 'write'>
}

/** Writes what was made, then says what is missing. */
export const notesStage = ({ episodes, ladder, notes }: NotesDeps): Stage => ({
  id: 'notes',
  words: 'Writing the notes.',
  async run(context) {
    const { params, jobId, run, stored, checkpoint, progress, log } = context
    const drafts = params.templates
      .map(({ name }) => stored<NoteDraft>(draftKey(name), 'extraction'))
      .filter((draft) => draft !== null)
    const problems = stored<TemplateProblem[]>(problemsKey(run), 'extraction') ?? []
    if (drafts.length === 0) return nothingMade(context, problems)

    type Written = Result<WrittenNotes, WriteNotesFailure | 'episode-missing'>
    const written = await checkpoint(writeKey(params.vaultPath, drafts), async (): Promise<Written> => {
      const episode = episodes.get(params.episodeId)
      const transcript = ladder.stored(params.episodeId)
      if (!episode || !transcript) return episodeMissing()
      return notes.write({
        episodeId: params.episodeId,
        // A retry brings more drafts: to the notes it is another run.
        runId: run === 1 ? jobId : `${jobId}/${run}`,
        vaultPath: params.vaultPath,
        drafts,
        // A model says the same in other words each time: what stands there is not replaced unseen.
        reviewTemplates:
          params.reviewChanges === false
            ? []
            : drafts
                .filter(({ provider }) => params.reviewChanges === true || provider !== 'offline')
                .map(({ templateName }) => templateName),
        transcript,
        chapters: episode.chapters,
      })
    })
    if (!written.ok) return written.error.code.startsWith('vault-') ? retryable(written) : written
    episodes.markProcessed(params.episodeId)
    for (const words of fileWords(written.value)) log(words)
    if (problems.length > 0) return someMissing(context, drafts.length, problems)
    progress(1, `${countOf(drafts.length, 'note')} ${drafts.length === 1 ? 'is' : 'are'} made.`)
    return ok(null)
  },
})

/** Another folder or another set of drafts is another write. */
const writeKey = (vaultPath: string, drafts: readonly NoteDraft[]): string =>
  `write:${createHash('sha256')
    .update(JSON.stringify([vaultPath, drafts]))
    .digest('hex')
    .slice(0, 16)}`

/** A disk that was unplugged or full may be back at the next try. */
const retryable = <Code extends string>({ error }: { error: { code: Code; message: string } }) =>
  fail(error.code, error.message, { retryable: true })

/** A yes to a sum mends it: that comes before everything else. */
const unpaidIn = (problems: readonly TemplateProblem[]): TemplateProblem | undefined =>
  problems.find(({ code }) => code === 'asks-first')
const approval = (problem: TemplateProblem | undefined): { details?: Json } =>
  problem?.approveMicroUsd == null ? {} : { details: { approveMicroUsd: problem.approveMicroUsd } }

function nothingMade({ params }: StageContext, problems: readonly TemplateProblem[]): Result<null, string> {
  const first = unpaidIn(problems) ?? problems[0]
  return fail(
    first?.code ?? 'extraction-failed',
    `${first?.message ?? 'No note could be made.'} The transcript is kept.`,
    {
      retryable:
        problems.some(({ code, retryable }) => retryable || code === 'asks-first') || params.templates.length === 0,
      ...approval(first),
    },
  )
}

/** "3 of 4 notes are made. Only Key concepts is missing." and why. */
function someMissing(
  { params }: StageContext,
  made: number,
  problems: readonly TemplateProblem[],
): Result<null, string> {
  const titles = problems.map(({ title }) => title)
  const missing =
    titles.length === 1
      ? `Only ${titles[0]} is missing`
      : `${titles.slice(0, -1).join(', ')} and ${titles.at(-1)} are missing`
  const unpaid = unpaidIn(problems)
  return fail(
    unpaid ? unpaid.code : 'templates-failed',
    `${made} of ${countOf(params.templates.length, 'note')} ${made === 1 ? 'is' : 'are'} made. ${missing}: ${(unpaid ?? problems[0]!).message}`,
    { retryable: true, ...approval(unpaid) },
  )
}

function fileWords({ folder, files }: WrittenNotes): string[] {
  const words = {
    written: 'written',
    unchanged: 'unchanged',
    'beside-edited': 'written beside the note that is there, for you to compare',
    'stays-deleted': 'not written: you deleted it',
    waiting: 'waits for another program to let go of it',
  } as const
  return [`Notes are in ${folder}.`, ...files.map(({ fileName, outcome }) => `${fileName}: ${words[outcome]}.`)]
}
