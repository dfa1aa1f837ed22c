import { Button } from '@mantine/core'
import { IconCopy } from '@tabler/icons-react'
import { Component, type ErrorInfo, type ReactNode } from 'react'
import { reportDefect } from '../lib/defects.ts'
import css from './shell.module.css'

interface State {
  broken: boolean
  reference: string | null
  report: string
}

/** Catches a defect of the page below it: logged in main, shown with its reference, and the way on. */
export class ErrorBoundary extends Component<{ where: string; outermost?: boolean; children: ReactNode }, State> {
  override state: State = { broken: false, reference: null, report: '' }

  static getDerivedStateFromError(): Partial<State> {
    return { broken: true }
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    void reportDefect(error, info.componentStack ?? '').then((answer) => this.setState(answer))
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children
    const { reference, report } = this.state
    const Region = this.props.outermost ? 'main' : 'div'
    return (
      <Region className={css.broken} role={this.props.outermost ? undefined : 'alert'}>
        <h1 className="ik-title">Something in Inkwell broke</h1>
        <p>
          It broke while showing {this.props.where}. Nothing was changed.
          {reference ? ` Tell us reference ${reference}.` : ''}
        </p>
        <p className={css.brokenActs}>
          <Button autoFocus onClick={() => this.setState({ broken: false, reference: null, report: '' })}>
            Show it again
          </Button>
          <Button
            variant="default"
            leftSection={<IconCopy size={15} stroke={1.7} />}
            disabled={report === ''}
            onClick={() => void navigator.clipboard.writeText(report)}
          >
            Copy report
          </Button>
        </p>
      </Region>
    )
  }
}
