import { draft, house, startMs } from './notes-testing.ts'

/** Started by the test of leases: `node lease-child.ts <root> <ms>` writes all notes anew, by a clock that is ms ahead. */
const [, , root, aheadMs] = process.argv
const home = await house({ clock: { now: () => startMs + Number(aheadMs) } }, root)
const written = await home.notes.write(
  home.input(
    ['one', 'two', 'three'].map((name) => draft(name, `The other process wrote ${name}.`)),
    'run-2',
  ),
)
home.leave()
process.stdout.write(written.ok ? 'written' : written.error.message)
