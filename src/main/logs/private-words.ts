/** Titles shorter than this are words of the language. */
const leastTitle = 4

/**
 * Takes out of a text that leaves the computer what is nobody's business though it is no secret: what a person listens
 * to and who they are. Titles become `<title>`, their folders `<notes folder>`, `<profile>`, `~`.
 */
export function createPrivateWords(about: {
  /** Titles of shows and episodes, names of authors. */
  readonly titles: readonly string[]
  /** Absolute paths with the words that stand in for them, the longest first where one lies in another. */
  readonly folders: readonly { readonly path: string; readonly as: string }[]
  /** Of the user's account and of the computer. */
  readonly names: readonly { readonly name: string; readonly as: string }[]
}): (text: string) => string {
  const titlesByStart = new Map<string, string[]>()
  for (const title of new Set(about.titles.flatMap((title) => [title, JSON.stringify(title).slice(1, -1)]))) {
    if (title.trim().length < leastTitle) continue
    const start = title.slice(0, leastTitle)
    titlesByStart.set(start, [...(titlesByStart.get(start) ?? []), title])
  }
  for (const titles of titlesByStart.values()) titles.sort((a, b) => b.length - a.length)

  /** One pass however many titles there are. */
  const hideTitles = (text: string): string => {
    let out = ''
    let from = 0
    for (let at = 0; at < text.length; ) {
      const title = titlesByStart.get(text.slice(at, at + leastTitle))?.find((one) => text.startsWith(one, at))
      if (title === undefined) at += 1
      else {
        out += `${text.slice(from, at)}<title>`
        at += title.length
        from = at
      }
    }
    return out + text.slice(from)
  }
  const hideFolders = (text: string): string => {
    let out = text
    for (const { path, as } of about.folders)
      if (path.length > 1)
        for (const spelling of [path, JSON.stringify(path).slice(1, -1)]) out = out.replaceAll(spelling, as)
    // Below the notes folder names are titles.
    return out.replace(/(<notes folder>)[\\/][^"\n]*/g, '$1/…')
  }
  const hideNames = (text: string): string =>
    about.names.reduce((out, { name, as }) => (name.length >= leastTitle ? out.replaceAll(name, as) : out), text)
  return (text) => hideNames(hideTitles(hideFolders(text)))
}
