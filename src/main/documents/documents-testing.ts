import { createCanvas } from '@napi-rs/canvas'

/** Printed words as a picture. */
export function picture(lines: readonly string[], type: 'image/png' | 'image/jpeg'): Buffer {
  const canvas = createCanvas(1_240, 160 + lines.length * 80)
  const context = canvas.getContext('2d')
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.fillStyle = '#000'
  context.font = '40px sans-serif'
  for (const [index, line] of lines.entries()) context.fillText(line, 60, 120 + index * 80)
  return type === 'image/png' ? canvas.toBuffer('image/png') : canvas.toBuffer('image/jpeg')
}

/** A PDF with one page for each entry: lines of text, or a picture as a scanner makes it. */
export function pdf(pages: readonly (readonly string[] | Buffer)[], title?: string): Buffer {
  const objects: Buffer[] = []
  const add = (content: string | Buffer): number => objects.push(Buffer.from(content))
  const stream = (head: string, body: Buffer): Buffer =>
    Buffer.concat([Buffer.from(`<< ${head} /Length ${body.length} >>\nstream\n`), body, Buffer.from('\nendstream')])
  add('<< /Type /Catalog /Pages 2 0 R >>')
  add('')
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>')
  const kids = pages.map((page) => {
    const isScan = Buffer.isBuffer(page)
    const image = isScan
      ? add(
          stream(
            '/Type /XObject /Subtype /Image /Width 1240 /Height 400 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode',
            page,
          ),
        )
      : 0
    const drawn = isScan
      ? 'q 595 0 0 192 0 500 cm /Scan Do Q'
      : `BT /F1 12 Tf 14 TL 60 760 Td ${page.map((line) => (line === '' ? 'T* T*' : `(${line.replaceAll(/[()\\]/g, String.raw`\$&`)}) Tj T*`)).join(' ')} ET`
    const content = add(stream('', Buffer.from(drawn)))
    const resources = isScan ? `/XObject << /Scan ${image} 0 R >>` : '/Font << /F1 3 0 R >>'
    return add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << ${resources} >> /Contents ${content} 0 R >>`,
    )
  })
  objects[1] = Buffer.from(
    `<< /Type /Pages /Count ${kids.length} /Kids [${kids.map((id) => `${id} 0 R`).join(' ')}] >>`,
  )
  const info = title === undefined ? 0 : add(`<< /Title (${title}) >>`)
  let file = Buffer.from('%PDF-1.4\n')
  const offsets = objects.map((object, index) => {
    const at = file.length
    file = Buffer.concat([file, Buffer.from(`${index + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')])
    return at
  })
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')
  const trailer = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R${info === 0 ? '' : ` /Info ${info} 0 R`} >>\nstartxref\n${file.length}\n%%EOF\n`
  return Buffer.concat([file, Buffer.from(trailer)])
}
