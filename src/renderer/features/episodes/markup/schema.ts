import type { Options } from 'rehype-sanitize'

/**
 * What text from outside may consist of. No `id`, `class`, `style`, `target`, `on…`, forms or embedded things; images
 * pass only to be turned into links by `imagesAsLinks` and are never loaded.
 */
export const textOnly: Options = {
  tagNames: [
    ...['a', 'b', 'blockquote', 'br', 'code', 'dd', 'del', 'div', 'dl', 'dt', 'em'],
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'i', 'img', 'input', 'li', 'ol', 'p', 'pre', 's'],
    ...['strong', 'sub', 'sup', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'u', 'ul'],
  ],
  attributes: {
    a: ['href'],
    img: ['src', 'alt'],
    input: [['type', 'checkbox'], 'checked'],
    ol: ['start'],
    td: ['align'],
    th: ['align'],
  },
  required: { input: { type: 'checkbox' } },
  ancestors: { li: ['ul', 'ol'], td: ['table'], th: ['table'], tr: ['table'], thead: ['table'], tbody: ['table'] },
  protocols: { href: ['http', 'https', 'mailto'], src: ['http', 'https'] },
  // Their content is not text either.
  strip: [
    ...['script', 'style', 'template', 'noscript', 'title', 'svg', 'math', 'iframe', 'object', 'embed'],
    ...['webview', 'audio', 'video', 'canvas', 'select', 'textarea', 'head', 'noembed', 'noframes', 'xmp'],
  ],
  clobber: [],
  allowComments: false,
  allowDoctypes: false,
}
