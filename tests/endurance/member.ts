// People who post, upload, edit, delete, like, follow and report without end, and remember what they were told.
import { createHash } from 'node:crypto'

/** Where the server is; pending while it is down. */
export type Door = { up: Promise<string>; over: boolean }
export type Person = { id: string; token: string }
export type Book = {
  /** posts that were acknowledged, as they must be now */
  posts: Map<string, { by: string; text: string; deleted: boolean; media: string[] }>
  /** 'who whom' → whether they like, or follow */
  likes: Map<string, boolean>
  follows: Map<string, boolean>
  media: Map<string, { by: string; name: string }>
  reports: { sent: string[]; acknowledged: Set<string> }
  /** answers that took more than one try, and all */
  again: number
  acts: number
}
export const emptyBook = (): Book => ({ posts: new Map(), likes: new Map(), follows: new Map(), media: new Map(), reports: { sent: [], acknowledged: new Set() }, again: 0, acts: 0 })

type Ask = { method?: string; path: string; json?: unknown; body?: BodyInit; headers?: Record<string, string> }
type Answer = { status: number; headers: Headers; json: Record<string, unknown> & { id: string } }

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** Lives until the door is over. Throws where an answer is none that may come. */
export async function live(door: Door, book: Book, me: Person, others: Person[], bystanders: string[], pictures: Map<string, Buffer>, random: () => number): Promise<void> {
  const own: string[] = []
  let made = 0
  const pick = <One>(list: One[]): One => list[Math.floor(random() * list.length)]!
  const strangersPosts = () => [...book.posts].filter(([, post]) => post.by !== me.id).slice(-60).map(([id]) => id)
  const upload = async () => {
    const [name, bytes] = pick([...pictures])
    return random() < 0.5 ? whole(name, bytes) : inPieces(name, bytes)
  }

  /** One try; undefined where nobody can say whether it was done. */
  async function once({ method = 'POST', path, json, body, headers }: Ask): Promise<Answer | undefined> {
    const url = await door.up
    try {
      const response = await fetch(url + path, { method, headers: { authorization: `Bearer ${me.token}`, ...json === undefined ? {} : { 'content-type': 'application/json' }, ...headers }, body: json === undefined ? body : JSON.stringify(json), ...body instanceof ReadableStream ? { duplex: 'half' } : {} } as RequestInit)
      const text = await response.text()
      if (response.status >= 500) { await pause(20); return undefined }
      return { status: response.status, headers: response.headers, json: text ? JSON.parse(text) as Answer['json'] : { id: '' } }
    } catch {
      await pause(20)
      return undefined
    }
  }
  /** Again until it is answered. `retried`: whether an earlier try may have been done. */
  async function until(ask: Ask | (() => Ask)): Promise<Answer & { retried: boolean }> {
    for (let tries = 1; ; tries++) {
      const answer = await once(typeof ask === 'function' ? ask() : ask)
      if (answer) { book.acts++; if (tries > 1) book.again++; return { ...answer, retried: tries > 1 } }
      if (door.over && tries > 50) throw new Error('the server answers no more')
    }
  }
  const good = (answer: Answer, what: string, ...more: number[]) => { if (answer.status >= 300 && !more.includes(answer.status)) throw new Error(`${what}: ${answer.status} ${JSON.stringify(answer.json)}`) }

  async function post(): Promise<void> {
    const media = random() < 0.25 ? await upload() : undefined
    const text = `${me.id} says ${++made}`
    // What still waits for its picture can't be answered yet.
    const answerable = own.filter((id) => book.posts.get(id)!.media.length === 0)
    const ask = { path: '/api/v1/statuses', json: { status: text, visibility: 'public', ...media ? { media_ids: [media] } : {}, ...random() < 0.3 && answerable.length ? { in_reply_to_id: pick(answerable) } : {} }, headers: { 'idempotency-key': `${me.id}-${made}` } }
    let answer = await until(ask)
    // What it answers may have been deleted; a picture may still be on its way.
    for (; answer.status === 422 && media; answer = await until(ask)) await pause(50)
    good(answer, `post ${JSON.stringify(ask)} (${answer.retried ? 'again' : 'at once'})`)
    book.posts.set(answer.json.id, { by: me.id, text, deleted: false, media: media ? [media] : [] })
    own.push(answer.json.id)
    if (random() < 0.15) {
      const twice = await until(ask)
      if (twice.json.id !== answer.json.id) throw new Error(`one key made two posts: ${answer.json.id} and ${twice.json.id}`)
    }
  }
  async function whole(name: string, bytes: Buffer): Promise<string> {
    const form = () => { const data = new FormData(); data.set('file', new Blob([new Uint8Array(bytes)]), name); data.set('description', name); return data }
    const answer = await until(() => ({ path: '/api/v2/media', body: form() }))
    good(answer, 'upload')
    book.media.set(answer.json.id, { by: me.id, name })
    return answer.json.id
  }
  async function inPieces(name: string, bytes: Buffer): Promise<string> {
    const headers = { 'tus-resumable': '1.0.0' }
    const begun = await until({ path: '/media/uploads/resumable', headers: { ...headers, 'upload-length': String(bytes.length), 'upload-metadata': `filename ${btoa(name)},filetype ${btoa('image/png')}` } })
    good(begun, 'beginning of an upload')
    const path = new URL(begun.headers.get('location')!, 'http://localhost').pathname
    for (;;) {
      const head = await until({ method: 'HEAD', path, headers })
      good(head, 'where to go on')
      const offset = Number(head.headers.get('upload-offset'))
      const done = head.headers.get('upload-media')
      if (done) { book.media.set(done, { by: me.id, name }); return done }
      const next = Math.min(bytes.length, offset + Math.ceil(bytes.length / 3))
      if (offset < bytes.length) {
        await once({ method: 'PATCH', path, headers: { ...headers, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }, body: new Uint8Array(bytes.subarray(offset, next)) })
        continue
      }
      const answer = await until({ path: `${path}/media`, headers })
      good(answer, 'end of an upload')
      book.media.set(answer.json.id, { by: me.id, name })
      return answer.json.id
    }
  }
  async function edit(): Promise<void> {
    const id = pick(own)
    const before = book.posts.get(id)!
    const text = `${before.text} and ${++made}`.slice(-400)
    good(await until({ method: 'PUT', path: `/api/v1/statuses/${id}`, json: { status: text, media_ids: before.media } }), 'edit')
    before.text = text
  }
  async function remove(): Promise<void> {
    const [id = ''] = own.splice(Math.floor(random() * own.length), 1)
    const answer = await until({ method: 'DELETE', path: `/api/v1/statuses/${id}?delete_media=true` })
    good(answer, 'delete', ...answer.retried ? [404] : [])
    const gone = book.posts.get(id)!
    gone.deleted = true
    for (const media of gone.media) book.media.delete(media)
  }
  async function like(): Promise<void> {
    const id = pick(strangersPosts())
    const wanted = random() < 0.75
    const answer = await until({ path: `/api/v1/statuses/${id}/${wanted ? 'favourite' : 'unfavourite'}` })
    good(answer, 'like', 404)
    if (answer.status === 200) book.likes.set(`${me.id} ${id}`, wanted)
  }
  async function follow(): Promise<void> {
    const whom = random() < 0.5 ? pick(others).id : pick(bystanders)
    const wanted = random() < 0.7
    good(await until({ path: `/api/v1/accounts/${whom}/${wanted ? 'follow' : 'unfollow'}` }), 'follow')
    book.follows.set(`${me.id} ${whom}`, wanted)
  }
  async function report(): Promise<void> {
    const mark = `mark-${createHash('sha1').update(`${me.id} ${++made}`).digest('hex').slice(0, 10)}`
    book.reports.sent.push(mark)
    const answer = await once({ path: '/api/v1/reports', json: { account_id: pick(bystanders), comment: mark, category: 'spam' } })
    if (!answer) return
    good(answer, 'report')
    book.acts++
    book.reports.acknowledged.add(mark)
  }

  while (!door.over) {
    const dice = random()
    if (dice < 0.35 || own.length < 3) await post()
    else if (dice < 0.55) await edit()
    else if (dice < 0.65) await remove()
    else if (dice < 0.82 && strangersPosts().length) await like()
    else if (dice < 0.94) await follow()
    else await report()
    await pause(random() * 20)
  }
}
