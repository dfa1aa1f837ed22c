import { CloseButton } from '@mantine/core'
import { formatBytes, plural } from '../../lib/format.ts'
import css from './intake.module.css'
import { useIntakeDraft } from './intake-draft.ts'

const shownFiles = 3

/** What the box holds besides the typed line: files and a long pasted text, each with a way to take it out. */
export function DraftPieces() {
  const { files, passage } = useIntakeDraft()
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  return (
    <>
      {passage !== null && (
        <Piece
          name="Pasted text"
          size={plural(passage.split(/\s+/).length, 'word')}
          onRemove={() => useIntakeDraft.setState({ passage: null })}
        />
      )}
      {files.length > shownFiles ? (
        <Piece
          name={plural(files.length, 'file')}
          size={formatBytes(bytes)}
          onRemove={() => useIntakeDraft.setState({ files: [] })}
        />
      ) : (
        files.map((file) => (
          <Piece
            key={file.token}
            name={file.name}
            size={formatBytes(file.bytes)}
            onRemove={() => useIntakeDraft.setState({ files: files.filter((one) => one.token !== file.token) })}
          />
        ))
      )}
    </>
  )
}

function Piece({ name, size, onRemove }: { name: string; size: string; onRemove: () => void }) {
  return (
    <span className={css.piece}>
      <b className="ik-cut" title={name}>
        {name}
      </b>
      <small>{size}</small>
      <CloseButton size={24} iconSize={13} aria-label={`Take out ${name}`} onClick={onRemove} />
    </span>
  )
}
