/** Files under way are kept in the browser, so that a reload doesn't ask for them again. Larger ones must be chosen again. */
const most = 300 * 1024 * 1024

function open(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const request = indexedDB.open('hearth-files', 1)
    request.onupgradeneeded = () => request.result.createObjectStore('files')
    request.onsuccess = () => done(request.result)
    request.onerror = () => fail(request.error)
  })
}
async function within<Value>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<Value>): Promise<Value | undefined> {
  try {
    const database = await open()
    try {
      return await new Promise<Value>((done, fail) => {
        const transaction = database.transaction('files', mode)
        const request = work(transaction.objectStore('files'))
        transaction.oncomplete = () => done(request.result)
        transaction.onerror = transaction.onabort = () => fail(transaction.error)
      })
    } finally { database.close() }
  } catch { return undefined /* private windows may refuse; the file can be chosen again */ }
}

/** Keeps a file until `forgetFile`. */
export const keepFile = (key: string, file: File) => file.size > most ? Promise.resolve(undefined) : within('readwrite', (store) => store.put(file, key))
/** A kept file; undefined when there is none (any more). */
export const keptFile = async (key: string): Promise<File | undefined> => { const file = await within('readonly', (store) => store.get(key) as IDBRequest<unknown>); return file instanceof File ? file : undefined }
export const forgetFile = (key: string) => within('readwrite', (store) => store.delete(key))
