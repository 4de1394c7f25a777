import { serveTask } from '../child/worker.ts'
import type { PictureWork } from './index.ts'
import { lookAtPicture, makePicture } from './pictures.ts'

serveTask((task, onProgress) => {
  const work = task as PictureWork
  return 'make' in work ? makePicture(work.make, onProgress) : lookAtPicture(work.look)
}, 'imageBroken')
