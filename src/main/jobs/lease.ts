import { hostname } from 'node:os'

/** Who runs a job. Heartbeats renew the lease; a process that dies leaves it behind. */
export interface LeaseOwner {
  /** Unique to one engine in one process. */
  readonly id: string
  readonly host: string
  readonly pid: number
}
export interface Lease {
  readonly lease_owner: string | null
  readonly lease_host: string | null
  readonly lease_pid: number | null
  readonly lease_expires_at_ms: number | null
}

export const heartbeatMs = 5_000
export const leaseMs = 20_000

export const leaseOwner = (id: string): LeaseOwner => ({ id, host: hostname(), pid: process.pid })

/** Whether nobody holds it any more: expired, never taken, or held by a process of this host that is dead. */
export function isFree(lease: Lease, host: string, nowMs: number, alive: (pid: number) => boolean = isAlive): boolean {
  if (lease.lease_owner === null || lease.lease_expires_at_ms === null) return true
  if (lease.lease_expires_at_ms <= nowMs) return true
  // A clock set back would keep a dead one's lease for hours: none is longer than leaseMs.
  if (lease.lease_expires_at_ms > nowMs + 2 * leaseMs) return true
  return lease.lease_host === host && lease.lease_pid !== null && !alive(lease.lease_pid)
}

/** Whether a process of this computer has this number now. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives, under another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
