import type { BackupDeps } from '../backup/deps.ts'
import { type BackupService, createBackupService } from '../backup/service.ts'
import { createBackupTasks } from '../backup/tasks.ts'
import type { WorkerRunner } from '../ports.ts'

/** Backups, with the worker that does what takes long. */
export const joinBackup = ({
  workers,
  ...deps
}: Omit<BackupDeps, 'tasks'> & { workers: WorkerRunner }): BackupService =>
  createBackupService({ ...deps, tasks: createBackupTasks(workers) })
