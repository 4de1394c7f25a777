import { expect } from 'vitest'
import type { Account } from '../../../src/server/domain/accounts/index.ts'
import type { World } from '../../world.ts'
import type { Api, Client } from '../door.ts'
import type { PushService } from '../../push-service.ts'

type Sent = { at?: string | string[]; query?: string; json?: unknown; form?: Record<string, string> | [string, string][]; data?: FormData }
export type Json = Record<string, unknown>
/** What a call showed: something real, the empty answer that belongs here, or a refusal that the documents explain. */
export type Kind = 'content' | 'empty' | 'refused'

export type Cast = {
  world: World; api: Api; service: PushService; tell: Teller
  ada: Account; ben: Account; eva: Account; finn: Account; mara: Account
  asAda: Client; asBen: Client; asEva: Client; asFinn: Client
}

/** 'GET /api/v1/accounts/{}': the same operation however its parameters are called. */
export const plain = (operation: string): string => operation.replace(/\{[^}]+\}|:[a-z_]+/g, '{}')

export type Teller = ReturnType<typeof teller>

/** Calls operations by their published names and notes which were called. Answers are checked against both schemas by the door. */
export function teller() {
  const done = new Map<string, Kind>()
  const call = async (operation: string, client: Client, { at = [], query, json, form, data }: Sent) => {
    const [method, path] = operation.split(' ') as [string, string]
    const parts = [at].flat()
    const filled = path.replace(/\{[^}]+\}/g, () => encodeURIComponent(parts.shift() ?? expect.fail(`${operation}: a parameter is missing`)))
    return client({ method, path: query ? `${filled}?${query}` : filled, json, form, data })
  }
  const note = (operation: string, kind: Kind) => { if (done.get(plain(operation)) !== 'content') done.set(plain(operation), kind) }
  return {
    done, note,
    /** A call that succeeds and shows what is expected. */
    async shows<Answer = Json>(operation: string, client: Client, sent: Sent, expected: unknown): Promise<Answer> {
      const answer = await call(operation, client, sent)
      expect({ operation, status: answer.status, body: answer.body }).toMatchObject({ operation, status: expect.toSatisfy((status: number) => status >= 200 && status < 300, 'a success'), body: expected })
      note(operation, 'content')
      return answer.body
    },
    /** Succeeds with the empty answer, for there is no such thing here. */
    async empty(operation: string, client: Client, sent: Sent, expected: unknown): Promise<void> {
      const answer = await call(operation, client, sent)
      expect({ operation, status: answer.status, body: answer.body }).toEqual({ operation, status: 200, body: expected })
      note(operation, 'empty')
    },
    /** Is refused in words, for there is no such thing here. */
    async refused(operation: string, client: Client, sent: Sent, status: number): Promise<void> {
      const answer = await call(operation, client, sent)
      expect({ operation, status: answer.status, body: answer.body }).toMatchObject({ operation, status, body: { error: expect.any(String) } })
      note(operation, 'refused')
    },
  }
}
