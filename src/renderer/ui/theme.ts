/**
 * Inkwell's theme: the one place where colours, type, spacing and radii are decided.
 *
 * Identity: PRINT AND PEN. What the program made is printed (near-black); what the user wrote,
 * chose or can press is in pen (blue-black ink). Three pigments carry state and nothing else:
 * verdigris (fine, free), ochre (needs you), madder (failed). Everything else is paper.
 */
import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  rem,
  type VariantColorsResolver,
} from '@mantine/core'

/** Blue-black iron-gall ink. */
const ink: MantineColorsTuple = [
  '#eef1f7',
  '#dde4f0',
  '#bccae2',
  '#a9bfea',
  '#7f9acb',
  '#54729f',
  '#34558f',
  '#26457e',
  '#1e3766',
  '#14264a',
]
/** Neutral paper-to-print ramp; replaces Mantine's gray so no default cool grey can leak in. */
const gray: MantineColorsTuple = [
  '#fbfaf8',
  '#f3f2ee',
  '#eae8e2',
  '#dedcd4',
  '#c9c6bc',
  '#8a877e',
  '#65686f',
  '#4c5058',
  '#2f3238',
  '#1b1d21',
]
/** Mantine reads dark[0..9] for its dark scheme: 0 = text … 7 = body. */
const dark: MantineColorsTuple = [
  '#e8e5de',
  '#b9b9b6',
  '#989ba1',
  '#717883',
  '#3c424b',
  '#2c3138',
  '#20242a',
  '#181b1f',
  '#121417',
  '#0c0e10',
]
const verdigris: MantineColorsTuple = [
  '#ebf4f0',
  '#d5e8df',
  '#addac7',
  '#7fc0a3',
  '#57a585',
  '#3d8a6b',
  '#2c6f55',
  '#245d47',
  '#1b4836',
  '#123225',
]
const ochre: MantineColorsTuple = [
  '#fbf3e0',
  '#f5e5c0',
  '#ecd08f',
  '#e0b25c',
  '#c9943a',
  '#a67620',
  '#875a0c',
  '#714a08',
  '#583a06',
  '#3c2704',
]
const madder: MantineColorsTuple = [
  '#fbeeec',
  '#f6dcd9',
  '#f3bcb7',
  '#f09a93',
  '#d9675f',
  '#bf4640',
  '#a32c2c',
  '#8a2224',
  '#6b1a1c',
  '#4a1113',
]

/** Semantic colours: the only names screens may use (as `var(--ik-…)`). */
export const semantic = {
  light: {
    desk: '#f1f0ec',
    paper: '#fbfaf8',
    sheet: '#ffffff',
    raised: '#ffffff',
    wash: '#f3f2ee',
    washStrong: '#eae8e2',
    rule: '#e2e0d9',
    ruleStrong: '#c9c6bc',
    control: '#8a877e',
    print: '#1b1d21',
    print2: '#4c5058',
    print3: '#65686f',
    pen: '#26457e',
    penFill: '#1e3766',
    penFillHover: '#14264a',
    penOn: '#ffffff',
    penWash: '#eaeef6',
    penRule: '#a9b9d6',
    ok: '#245d47',
    okWash: '#e6f1ec',
    warn: '#7a500a',
    warnWash: '#faf0da',
    bad: '#9a2829',
    badWash: '#faebe9',
    badFill: '#9a2829',
    mark: '#fbe9a9',
    shadow: '27 29 33',
    coverEdge: 'rgb(27 29 33 / .22)',
    series1: '#1e3766',
    series2: '#6a8cc2',
    series3: '#b27f22',
    series4: '#458f71',
  },
  dark: {
    desk: '#121417',
    paper: '#181b1f',
    sheet: '#1f2328',
    raised: '#3a414a',
    wash: '#20242a',
    washStrong: '#2a2f36',
    rule: '#2c3138',
    ruleStrong: '#3c424b',
    control: '#717883',
    print: '#e8e5de',
    print2: '#b9b9b6',
    print3: '#989ba1',
    pen: '#a9bfea',
    penFill: '#a9bfea',
    penFillHover: '#c1d1f1',
    penOn: '#10182a',
    penWash: '#232c3c',
    penRule: '#4a5d83',
    ok: '#8acbad',
    okWash: '#1b2a24',
    warn: '#e3b866',
    warnWash: '#2d2618',
    bad: '#f2a19a',
    badWash: '#33201f',
    badFill: '#b5423e',
    mark: '#5a4a17',
    shadow: '0 0 0',
    coverEdge: 'rgb(255 255 255 / .2)',
    series1: '#a9bfea',
    series2: '#5f80b8',
    series3: '#d9a94f',
    series4: '#6db394',
  },
} as const

const kebab = (s: string) => s.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)
const asVars = (o: Record<string, string>) =>
  Object.fromEntries(Object.entries(o).map(([k, v]) => [`--ik-${kebab(k)}`, v]))
const mantineFrom = (s: (typeof semantic)['light'] | (typeof semantic)['dark']) => ({
  '--mantine-color-body': s.paper,
  '--mantine-color-text': s.print,
  '--mantine-color-dimmed': s.print3,
  '--mantine-color-anchor': s.pen,
  '--mantine-color-error': s.bad,
  '--mantine-color-placeholder': s.print3,
  '--mantine-color-default': s.sheet,
  '--mantine-color-default-hover': s.wash,
  '--mantine-color-default-border': s.ruleStrong,
  '--mantine-color-default-color': s.print,
  '--mantine-primary-color-filled': s.penFill,
  '--mantine-primary-color-filled-hover': s.penFillHover,
  '--mantine-primary-color-contrast': s.penOn,
  '--mantine-primary-color-light': s.penWash,
  '--mantine-primary-color-light-color': s.pen,
  '--mantine-color-disabled': s.washStrong,
  '--mantine-color-disabled-color': s.print3,
})

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {
    '--ik-serif': "'Newsreader Variable', 'Iowan Old Style', Georgia, serif",
    '--ik-sans': "'Hanken Grotesk Variable', system-ui, sans-serif",
    '--ik-mono': "'Commit Mono', ui-monospace, monospace",
    // type scale, px: UI 12 · 13 · 14; print 16 · 18 · 21 · 26 · 34
    '--ik-fs-note': rem(12),
    '--ik-fs-ui': rem(13),
    '--ik-fs-lead': rem(14),
    '--ik-fs-item': rem(16),
    '--ik-fs-read': rem(18),
    '--ik-fs-head': rem(21),
    '--ik-fs-title': rem(26),
    '--ik-fs-display': rem(34),
    '--ik-ease': 'cubic-bezier(.2,.7,.2,1)',
    '--ik-fast': '120ms',
    '--ik-calm': '220ms',
  },
  light: { ...asVars(semantic.light), ...mantineFrom(semantic.light) },
  dark: { ...asVars(semantic.dark), ...mantineFrom(semantic.dark) },
})

/** Buttons take the semantic ink, which inverts in the dark scheme (Mantine's autoContrast only knows the light one). */
const variantColorResolver: VariantColorsResolver = (input) => {
  const c = input.color ?? 'ink'
  if (input.variant === 'default')
    return {
      background: 'var(--ik-sheet)',
      hover: 'var(--ik-wash)',
      color: 'var(--ik-print)',
      border: '1px solid var(--ik-rule-strong)',
    }
  const tone = ({ ink: 'pen', verdigris: 'ok', ochre: 'warn', madder: 'bad' } as Record<string, string>)[c]
  if (!tone) return defaultVariantColorsResolver(input)
  if (input.variant === 'filled')
    return tone === 'pen'
      ? {
          background: 'var(--ik-pen-fill)',
          hover: 'var(--ik-pen-fill-hover)',
          color: 'var(--ik-pen-on)',
          border: '1px solid transparent',
        }
      : {
          background: 'var(--ik-bad-fill)',
          hover: 'var(--ik-bad-fill)',
          color: '#fff',
          border: '1px solid transparent',
        }
  if (input.variant === 'light')
    return {
      background: `var(--ik-${tone}-wash)`,
      hover: `var(--ik-${tone}-wash)`,
      color: `var(--ik-${tone})`,
      border: '1px solid transparent',
    }
  if (input.variant === 'subtle' || input.variant === 'transparent')
    return {
      background: 'transparent',
      hover: input.variant === 'subtle' ? 'var(--ik-wash-strong)' : 'transparent',
      color: `var(--ik-${tone})`,
      border: '1px solid transparent',
    }
  if (input.variant === 'outline')
    return {
      background: 'transparent',
      hover: `var(--ik-${tone}-wash)`,
      color: `var(--ik-${tone})`,
      border: `1px solid var(--ik-${tone === 'pen' ? 'pen-rule' : tone})`,
    }
  return defaultVariantColorsResolver(input)
}

export const theme = createTheme({
  colors: { ink, gray, dark, verdigris, ochre, madder },
  primaryColor: 'ink',
  primaryShade: { light: 8, dark: 3 },
  variantColorResolver,
  black: '#1b1d21',
  white: '#ffffff',
  fontFamily: 'var(--ik-sans)',
  fontFamilyMonospace: 'var(--ik-mono)',
  headings: {
    fontFamily: 'var(--ik-serif)',
    fontWeight: '500',
    sizes: {
      h1: { fontSize: rem(34), lineHeight: '1.12' },
      h2: { fontSize: rem(26), lineHeight: '1.18' },
      h3: { fontSize: rem(21), lineHeight: '1.25' },
      h4: { fontSize: rem(16), lineHeight: '1.3' },
    },
  },
  fontSizes: { xs: rem(12), sm: rem(13), md: rem(14), lg: rem(16), xl: rem(18) },
  lineHeights: { xs: '1.35', sm: '1.45', md: '1.5', lg: '1.55', xl: '1.6' },
  spacing: { xs: rem(4), sm: rem(8), md: rem(12), lg: rem(16), xl: rem(24) }, // 32 and 48 are page rhythm: var(--ik-page) in CSS
  radius: { xs: rem(3), sm: rem(5), md: rem(7), lg: rem(10), xl: rem(14) },
  defaultRadius: 'sm',
  shadows: {
    xs: '0 1px 1px rgb(var(--ik-shadow)/.05)',
    sm: '0 1px 2px rgb(var(--ik-shadow)/.08)',
    md: '0 2px 8px rgb(var(--ik-shadow)/.08), 0 1px 2px rgb(var(--ik-shadow)/.06)',
    lg: '0 12px 32px rgb(var(--ik-shadow)/.18), 0 2px 6px rgb(var(--ik-shadow)/.1)',
    xl: '0 24px 64px rgb(var(--ik-shadow)/.28)',
  },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: {
      defaultProps: { size: 'sm' },
      styles: { root: { height: rem(32), paddingInline: rem(12), fontSize: rem(13), fontWeight: 600 } },
    },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 28 } },
    TextInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Checkbox: { defaultProps: { size: 'xs', radius: 'xs' } },
    Switch: { defaultProps: { withThumbIndicator: false } },
    // Beside what it explains, not in a portal: inside the landmarks.
    Tooltip: {
      defaultProps: { openDelay: 400, withArrow: false, withinPortal: false, floatingStrategy: 'fixed' },
    },
    Modal: {
      defaultProps: {
        radius: 'lg',
        centered: true,
        overlayProps: { backgroundOpacity: 0.28 },
        // Mantine's <header> would be a second banner of the page.
        attributes: { header: { role: 'presentation' } },
      },
    },
  },
})
