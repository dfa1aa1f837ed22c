/**
 * Shared pieces. Import from here: `import { Page, PageHead } from '../../ui/index.ts'`.
 *
 * Page{fixed?, className?, ref?}                the region that scrolls and keeps its place (fixed: scroll inside yourself)
 * PageHead{title, sentence?, actions?, size?, lang?, focus?}   the one h1; takes focus on a route change
 * SectionHead{title, id?, aside?, tone?}        h2, rule, one link (`className="ik-link"`) at right
 * Cover{title, artworkPath?, size?}             artwork, or drawn from the title; decoration
 * Time{seconds, plain?, current?, onClick?, label?}    a minute: a button with onClick, else a word
 * Money{microUsd}                               "free", "$0.07", null: "unknown"
 * State{kind: ok|warn|bad|lock|moved|wait|pause, children}    icon and words
 * Stages{stage, fraction, words, title, labels?, failed?}     a job's four stages
 * Bar{fraction, label, text?, tone?}
 * CoverageBar{spans, totalSeconds, isPartial?}  which minutes of a recording were read (words beside it)
 * EmptyState{title, children?, action?}   Loading{rows?, label?}
 * FailureNote{failure, onRetry?, mendLabel?, tone?, children?}
 * ConfirmDialog{opened, question, children, keep?, verb, danger?, running?, onConfirm, onClose}
 * VaultLine{always?}                            where notes will go (only while not chosen or not there)
 * say(message, {undo?, action?, tone?, key?})   toast and announcement; Undo for 10 s
 *
 * lib: format.ts (formatDate, formatDay, formatMoment, formatTime, formatLength, formatClock, formatCount, plural,
 * formatBytes, formatMoney, listOf) · announce(text, urgency?) · useShortcut(keys, label, run | null, {group?, enabled?})
 * · isField(target) · useCrumbs([{label, to?, lang?}]) sets the path in the title bar · useVault().ready() before any
 * jobs.start (a failure is a Result) · useAddFeedRequest / clearAddFeedRequest: FeedsView opens its dialog when `asked`.
 *
 * Classes: ik-link, ik-dim, ik-cut (ellipsis), ik-tabular, ik-hidden (screen readers only), ik-display, ik-title.
 */
export { Bar } from './Bar.tsx'
export { ConfirmDialog } from './ConfirmDialog.tsx'
export { Cover, initialsOf } from './Cover.tsx'
export { CoverageBar } from './CoverageBar.tsx'
export { EmptyState } from './EmptyState.tsx'
export { FailureNote } from './FailureNote.tsx'
export { PageHead, SectionHead } from './Heads.tsx'
export { Kbd } from './Kbd.tsx'
export { Loading } from './Loading.tsx'
export { Mark } from './Mark.tsx'
export { Money } from './Money.tsx'
export { Page } from './Page.tsx'
export { Price } from './Price.tsx'
export { overallFraction, Stages, stageNames } from './Stages.tsx'
export { State, type StateKind } from './State.tsx'
export { say } from './say.tsx'
export { Time } from './Time.tsx'
export { VaultLine } from './VaultLine.tsx'
