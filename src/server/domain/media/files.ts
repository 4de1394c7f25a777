import { randomBytes } from 'node:crypto'

/** The name in which a member's own file is kept. It is never served. */
export const originalFile = 'original'

/** A folder nobody can guess. */
export const newMediaKey = () => randomBytes(18).toString('base64url').replace(/[-_]/g, 'x')

/** Where a file of a media item lies in `app.files`; without a file, its whole folder. */
export const storedName = (key: string, file?: string) => file ? `${key.slice(0, 2)}/${key}/${file}` : `${key.slice(0, 2)}/${key}`

/** The address under which it is served. */
export const mediaUrl = (key: string, file: string) => `/media/files/${key}/${file}`

/** How the files of a picture that was chosen for a song or a film begin. */
export const chosenCover = 'cover-'
