import { z } from 'zod'
import { conversationsOf, readConversation, removeConversation, seeConversation } from '#server/domain/conversations/index.ts'
import { addToList, changeList, createList, listMembers, listsOf, listsWith, removeFromList, removeList, seeList } from '#server/domain/lists/index.ts'
import type { ListView } from '#server/domain/lists/index.ts'
import { directTimeline, listTimeline } from '#server/domain/timelines/index.ts'
import { Account, accountEntity, Conversation, conversationEntity, Status } from '#server/entities/index.ts'
import type { Route } from '../route.ts'
import { askOf, linkPages, paging, route } from '../route.ts'
import { flag, maybe, pathId, texts, words } from '../values.ts'
import { someone } from './someone.ts'
import { statusPage } from './timelines.ts'

const List = z.object({ id: z.string(), title: z.string(), replies_policy: z.enum(['followed', 'list', 'none']), exclusive: z.boolean() }).meta({ id: 'List' })
const list = ({ id, title, repliesPolicy, exclusive }: ListView): z.infer<typeof List> => ({ id, title, replies_policy: repliesPolicy, exclusive })
const id = { id: pathId }
const Empty = z.object({})
const policy = maybe(z.enum(['followed', 'list', 'none']))
const members = { account_ids: texts(500) }

export const listRoutes: Route[] = [
  route({ method: 'GET', path: '/api/v1/lists', summary: 'The member’s lists', access: 'member', scope: 'read:lists', answer: z.array(List), async handle({ app, me }) { return (await listsOf(app, me)).map(list) } }),
  route({ method: 'GET', path: '/api/v1/lists/:id', summary: 'One list', access: 'member', scope: 'read:lists', params: id, answer: List, async handle({ app, me, params }) { return list(await seeList(app, me, params.id)) } }),
  route({
    method: 'POST', path: '/api/v1/lists', summary: 'Make a list', access: 'member', scope: 'write:lists', body: { title: words(1000), replies_policy: policy, exclusive: maybe(flag) }, answer: List,
    async handle({ app, me, body }) { return list(await createList(app, me, { title: body.title, repliesPolicy: body.replies_policy, exclusive: body.exclusive })) },
  }),
  route({
    method: 'PUT', path: '/api/v1/lists/:id', summary: 'Change a list', access: 'member', scope: 'write:lists', params: id, body: { title: maybe(words(1000)), replies_policy: policy, exclusive: maybe(flag) }, answer: List,
    async handle({ app, me, params, body }) { return list(await changeList(app, me, params.id, { title: body.title, repliesPolicy: body.replies_policy, exclusive: body.exclusive })) },
  }),
  route({ method: 'DELETE', path: '/api/v1/lists/:id', summary: 'Remove a list', access: 'member', scope: 'write:lists', params: id, answer: Empty, async handle({ app, me, params }) { await removeList(app, me, params.id); return {} } }),
  route({
    method: 'GET', path: '/api/v1/lists/:id/accounts', summary: 'Who is on a list', access: 'member', scope: 'read:lists', params: id, query: paging(40, 80), answer: z.array(Account),
    async handle(call) {
      const page = await listMembers(call.app, call.me, call.params.id, askOf(call.query))
      linkPages(call, page)
      return page.items.map((view) => accountEntity(view, call.speaker))
    },
  }),
  route({ method: 'POST', path: '/api/v1/lists/:id/accounts', summary: 'Put people on a list', access: 'member', scope: 'write:lists', params: id, body: members, answer: Empty, async handle({ app, me, params, body }) { await addToList(app, me, params.id, body.account_ids); return {} } }),
  route({
    method: 'DELETE', path: '/api/v1/lists/:id/accounts', summary: 'Take people off a list', access: 'member', scope: 'write:lists', params: id, query: members, body: members, answer: Empty,
    async handle({ app, me, params, query, body }) { await removeFromList(app, me, params.id, [...query.account_ids, ...body.account_ids]); return {} },
  }),
  route({ method: 'GET', path: '/api/v1/accounts/:id/lists', summary: 'Which of the member’s lists somebody is on', access: 'member', scope: 'read:lists', params: id, answer: z.array(List), async handle({ app, me, params }) { await someone(app, me, params.id); return (await listsWith(app, me, params.id)).map(list) } }),
  route({
    method: 'GET', path: '/api/v1/timelines/list/:list_id', summary: 'What those on a list wrote', access: 'member', scope: 'read:lists', params: { list_id: pathId }, query: paging(20, 40), answer: z.array(Status),
    async handle(call) { return statusPage(call, await listTimeline(call.app, call.me, call.params.list_id, { ...askOf(call.query), annotate: true })) },
  }),
  route({
    method: 'GET', path: '/api/v1/timelines/direct', summary: 'Posts for named people', access: 'member', scope: 'read:statuses', query: paging(20, 40), answer: z.array(Status),
    async handle(call) { return statusPage(call, await directTimeline(call.app, call.me, { ...askOf(call.query), annotate: true })) },
  }),
  route({
    method: 'GET', path: '/api/v1/conversations', summary: 'What is said among named people, the newest first', access: 'member', scope: 'read:statuses', query: paging(20, 40), answer: z.array(Conversation),
    async handle(call) {
      const page = await conversationsOf(call.app, call.me, askOf(call.query))
      linkPages(call, page)
      return page.items.map((view) => conversationEntity(view, call.speaker))
    },
  }),
  ...(['read', 'unread'] as const).map((word) => route({
    method: 'POST', path: `/api/v1/conversations/:id/${word}`, summary: word === 'read' ? 'Mark a conversation as read' : 'Mark it as unread', access: 'member', scope: 'write:conversations', params: id, answer: Conversation,
    async handle({ app, me, params, speaker }) {
      await readConversation(app, me, params.id, word === 'unread')
      return conversationEntity(await seeConversation(app, me, params.id), speaker)
    },
  })),
  route({
    method: 'DELETE', path: '/api/v1/conversations/:id', summary: 'Take a conversation off one’s list', access: 'member', scope: 'write:conversations', params: id, answer: Empty,
    async handle({ app, me, params }) { await removeConversation(app, me, params.id); return {} },
  }),
]
