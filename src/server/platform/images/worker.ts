import { serveTask } from '../child/worker.ts'
import type { PictureTask } from './index.ts'
import { makePicture } from './pictures.ts'

serveTask((task, onProgress) => makePicture(task as PictureTask, onProgress), 'imageBroken')
