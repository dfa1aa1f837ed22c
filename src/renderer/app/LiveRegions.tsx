import { useAnnouncements } from '../lib/announce.ts'

/** The only two live regions of the page that are always there; everything is said through lib/announce.ts. */
export function LiveRegions() {
  const { polite, assertive } = useAnnouncements()
  return (
    <div className="ik-hidden">
      <div aria-live="polite" aria-atomic="true">
        <p key={polite.number}>{polite.text}</p>
      </div>
      <div aria-live="assertive" aria-atomic="true">
        <p key={assertive.number}>{assertive.text}</p>
      </div>
    </div>
  )
}
