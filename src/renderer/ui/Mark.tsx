/** The app's mark: a drop of ink with the nib's slit. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d="M12 2.2c3.9 5 6.6 8.1 6.6 12a6.6 6.6 0 0 1-13.2 0c0-3.9 2.7-7 6.6-12Z" fill="var(--ik-pen-fill)" />
      <path d="M12 8.4v5.2" stroke="var(--ik-desk)" strokeWidth="1.3" strokeLinecap="round" />
      <circle cx="12" cy="15" r="1.5" fill="var(--ik-desk)" />
    </svg>
  )
}
