/**
 * The page may make no HTML from strings (CSP: require-trusted-types-for 'script'). Mantine writes its CSS variables by
 * `innerHTML` of a style element: text without a tag is let through, anything else becomes empty.
 */
interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML: (text: string) => string }): unknown
}
const trustedTypes = (window as { trustedTypes?: TrustedTypes }).trustedTypes
trustedTypes?.createPolicy('default', { createHTML: (text) => (text.includes('<') ? '' : text) })
