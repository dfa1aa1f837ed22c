import { armor, Decrypter, Encrypter } from 'age-encryption'

export type KitTask =
  | { readonly do: 'seal'; readonly text: string; readonly words: string; readonly workFactor: number }
  | { readonly do: 'open'; readonly armored: string; readonly words: string }
export type KitTaskAnswer =
  | { readonly sealed: string }
  | { readonly opened: string }
  | { readonly refused: 'not-age' | 'damaged' | 'wrong-words'; readonly why: string }

/** Above this a file asks for more than a gigabyte and minutes; ours and age's own are 18. */
const maxWorkFactor = 19
const beginning = '-----BEGIN AGE ENCRYPTED FILE-----'

/** Runs in a worker: scrypt takes a second and 256 MB. */
export async function runKitTask(task: KitTask): Promise<KitTaskAnswer> {
  if (task.do === 'open') return open(task.armored, task.words)
  const encrypter = new Encrypter()
  encrypter.setScryptWorkFactor(task.workFactor)
  encrypter.setPassphrase(task.words)
  return { sealed: armor.encode(await encrypter.encrypt(task.text)) }
}

async function open(armored: string, words: string): Promise<KitTaskAnswer> {
  // Mail and paper change line ends and add blank lines, and nothing else.
  const text = armored.replace(/\r\n/g, '\n').replace(/^\n+|[ \n]+$/g, '')
  if (!text.startsWith(beginning.slice(0, 12))) return { refused: 'not-age', why: 'it does not begin as one does' }
  let bytes: Uint8Array
  try {
    bytes = armor.decode(text)
  } catch (error) {
    return { refused: 'damaged', why: (error as Error).message }
  }
  // Two spellings of the same bytes exist in base64: only the one that was written counts.
  if (armor.encode(bytes) !== `${text}\n`) return { refused: 'damaged', why: 'not as it was written' }
  const recipient = /^age-encryption\.org\/v1\n-> (\S+) \S+ ?(\d*)/.exec(
    Buffer.from(bytes.subarray(0, 200)).toString('latin1'),
  )
  if (!recipient) return { refused: 'damaged', why: 'its head cannot be read' }
  if (recipient[1] !== 'scrypt') return { refused: 'not-age', why: 'it is encrypted for a key, not with words' }
  if (Number(recipient[2]) > maxWorkFactor) return { refused: 'damaged', why: 'its head asks for too much work' }
  const decrypter = new Decrypter()
  decrypter.addPassphrase(words)
  try {
    return { opened: await decrypter.decrypt(bytes, 'text') }
  } catch (error) {
    const why = (error as Error).message
    return { refused: why.startsWith('no identity matched') ? 'wrong-words' : 'damaged', why }
  }
}
