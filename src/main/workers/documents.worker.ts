import type { DocumentAnswer, DocumentTask } from '../documents/document-task.ts'
import { readDocument } from '../documents/read-document.ts'
import { serve } from './serve.ts'

serve<DocumentTask, DocumentAnswer>(readDocument)
