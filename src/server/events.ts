import type { App } from './app.ts'
import { nightlyBackup } from './backup.ts'
import { closeOverRaid, noteAuditHead } from './domain/instance/index.ts'
import { forgetUnusedApps } from './domain/apps/index.ts'
import { linkPost, readCard, sweepCards } from './domain/cards/index.ts'
import { countQuotes, endPolls, followUpOf, forgetOldKeys, forgetPostsOf, publishPostOfMedia, purgeDeletedPosts } from './domain/posts/index.ts'
import { followInviter } from './domain/invitations/index.ts'
import { tellOfAppeal, tellStaffOfCase } from './domain/appeals/index.ts'
import { recomputeTrends } from './domain/discovery/index.ts'
import { adoptFiles, applyMediaRule, applyMediaRules, countMedia, forgetPoster, processMedia, renewMediaKey, retryFailedMedia, sweepFiles, sweepOrphans, sweepUnattached, sweepUploads } from './domain/media/index.ts'
import { indexHashes, matchMedia, sweepHashes, updateHashList, updateHashLists } from './domain/hashes/index.ts'
import { alarmDesk, forgetOldEvidence, tellOfLate, tellOfWords, tidyDesk } from './domain/cases/index.ts'
import { decidedByRule, endDecisionByRule, liftEndedSuspensions, mailDecision, tellOfRaid, tellPerson, tellReporter, watchForRaid } from './domain/moderation/index.ts'
import { askClassifier, followDecision, followReversal, resolveLinks, recordScreening, screenCard, screenMedia, screenNewcomer, screenPostCard, screenPoster, screenPostAgain, tidyScreening, tryRulePart } from './domain/screening/index.ts'
import { lookAfterDecision, raiseTrust, welcomeTrust } from './domain/trust/index.ts'
import { alarmOrders } from './domain/orders/index.ts'
import { retryVault, sealHard, sweepVault, writeVault } from './domain/vault/index.ts'
import { checkForUpdate, sweepHealth } from './domain/operations/index.ts'
import { tell } from './domain/notifications/index.ts'
import { forgetDeadPush, pushNotifications, sendPush } from './domain/push/index.ts'
import { forgetOldImports, runImport } from './domain/imports/index.ts'
import { forgetFilters } from './domain/filters/index.ts'
import { forgetLists } from './domain/lists/index.ts'
import { forgetConversationPost, forgetConversations, noteConversation } from './domain/conversations/index.ts'
import { forgetScheduled, publishScheduled } from './domain/scheduled/index.ts'
import { forgetFeatured } from './domain/featured/index.ts'
import { forgetMarkers } from './domain/markers/index.ts'
import { forgetReactionsTo } from './domain/emojis/index.ts'
import { forgetTies } from './domain/relationships/index.ts'
import { forgetEnded, sendReset } from './domain/sessions/index.ts'
import { deliverWebhook, resumeWebhooks, sweepWebhookLog } from './domain/webhooks/index.ts'
import type { HearthEvent } from './event.ts'
import { noteForWebhooks } from './webhook-events.ts'
import type { Task } from './platform/jobs/index.ts'

/** Runs as a job after the act's commit; `happening` is the same however often it runs, and every consequence is safe to run twice. */
export async function handleEvent(app: App, event: HearthEvent, happening: string): Promise<void> {
  // What can't be told to a program keeps nothing else from happening, and the other way round.
  const outcomes = await Promise.allSettled([follow(app, event), sayAgain(app, event), noteForWebhooks(app, event, happening)])
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}

/** Where signals go beside the database, a process may have been killed between its commit and its words. */
async function sayAgain(app: App, event: HearthEvent): Promise<void> {
  if (!('said' in event) || !event.said) return
  const postId = event.type === 'post.boosted' ? event.boostId : event.postId
  await app.bus.again({ type: event.type === 'post.removed' ? 'post.removed' : 'post.created', postId, ...event.said })
}

/** What follows from what, on one page. */
async function follow(app: App, event: HearthEvent): Promise<void> {
  switch (event.type) {
    // Looked up first: what it waits for must not appear before.
    case 'media.ready': await matchMedia(app, event.mediaId); await screenMedia(app, event.mediaId); await publishPostOfMedia(app, event.mediaId); return forgetPoster(app, event.mediaId)
    case 'media.matched': return screenMedia(app, event.mediaId)
    case 'media.poster': if (await screenPoster(app, event.mediaId)) await publishPostOfMedia(app, event.mediaId); return
    case 'media.failed': await publishPostOfMedia(app, event.mediaId); return forgetPoster(app, event.mediaId)
    case 'raid.started': return tellOfRaid(app)
    case 'decision.made': await lookAfterDecision(app, event.decisionId); return tellPerson(app, event.decisionId)
    case 'report.decided': return tellReporter(app, event.reportId)
    case 'appeal.made': return tellStaffOfCase(app, event.caseId, `appeal-made:${event.caseId}`)
    case 'appeal.words': return tellStaffOfCase(app, event.caseId, `case-words:${event.key}`)
    case 'appeal.decided': return tellOfAppeal(app, event.caseId)
    case 'case.decided': await sealHard(app, event.caseId); await followDecision(app, event.caseId); return endDecisionByRule(app, event.caseId)
    case 'decision.reversed': await lookAfterDecision(app, event.decisionId); return followReversal(app, event.decisionId, event.inPart)
    case 'decision.undone': return lookAfterDecision(app, event.decisionId)
    case 'case.late': return tellOfLate(app, event.caseId)
    case 'case.words': return tellOfWords(app, event.caseId, event.wordsId)
    case 'account.deleted': return forgetAccount(app, event.accountId)
    case 'account.waiting': await screenNewcomer(app, event.accountId); return tell(app, event)
    case 'account.joined': await screenNewcomer(app, event.accountId); await welcomeTrust(app, event.accountId); return followInviter(app, event.accountId)
    case 'account.approved': await welcomeTrust(app, event.accountId); return followInviter(app, event.accountId)
    case 'notifications.made': return pushNotifications(app, event.ids)
    case 'post.created':
    case 'post.edited': await followPost(app, event.postId, event.type === 'post.edited'); return tell(app, event)
    case 'post.removed': await forgetConversationPost(app, event.postId); await countQuotes(app, event.postId); return tell(app, event)
    default: return tell(app, event)
  }
}

/** Most posts have neither links nor quotes, and are for more than named people: then there is nothing to do about those. What was changed may have had them before. */
async function followPost(app: App, postId: string, changed: boolean): Promise<void> {
  const { links, named, quotes } = await followUpOf(app, postId)
  if (changed || links.length > 0) {
    await linkPost(app, postId, links)
    await screenPostCard(app, postId)
  }
  if (named) await noteConversation(app, postId)
  if (changed || quotes) await countQuotes(app, postId)
}

/** What an account that left has written, pressed and followed. */
async function forgetAccount(app: App, accountId: string): Promise<void> {
  await forgetTies(app, accountId)
  await forgetFilters(app, accountId)
  await forgetLists(app, accountId)
  await forgetConversations(app, accountId)
  await forgetScheduled(app, accountId)
  await forgetFeatured(app, accountId)
  await forgetReactionsTo(app, accountId)
  await forgetMarkers(app, accountId)
  await forgetPostsOf(app, accountId)
}

/** Job name → one domain call. */
export function tasks(app: App): Record<string, Task> {
  return {
    endPolls: () => endPolls(app),
    forgetOldKeys: () => forgetOldKeys(app),
    liftEndedSuspensions: () => liftEndedSuspensions(app),
    tellPerson: ({ decisionId }) => tellPerson(app, String(decisionId)),
    alarmOrders: () => alarmOrders(app),
    writeVault: ({ id }, { attempts, maxAttempts }) => writeVault(app, String(id), attempts >= maxAttempts),
    sweepVault: () => sweepVault(app),
    retryVault: () => retryVault(app),
    mailDecision: ({ decisionId }) => mailDecision(app, String(decisionId)),
    tidyDesk: () => tidyDesk(app),
    alarmDesk: () => alarmDesk(app),
    noteAuditHead: () => noteAuditHead(app),
    forgetOldEvidence: () => forgetOldEvidence(app),
    recomputeTrends: () => recomputeTrends(app),
    processMedia: ({ mediaId }, { attempts, maxAttempts }) => processMedia(app, String(mediaId), attempts >= maxAttempts),
    publishScheduled: ({ id }, { attempts, maxAttempts }) => publishScheduled(app, String(id), attempts >= maxAttempts),
    sweepUnattached: () => sweepUnattached(app),
    sweepUploads: () => sweepUploads(app),
    sweepOrphans: () => sweepOrphans(app),
    sweepFiles: () => sweepFiles(app),
    adoptFiles: async () => { await adoptFiles(app) },
    renewMediaKey: () => renewMediaKey(app),
    countMedia: () => countMedia(app),
    retryFailedMedia: () => retryFailedMedia(app),
    applyMediaRules: () => applyMediaRules(app),
    applyMediaRule: ({ what }) => applyMediaRule(app, String(what)),
    recordScreening: async (hit) => { await recordScreening(app, hit); if (hit['outcome'] === 'quarantine') await sealHard(app, String(hit['case']), true); if (hit['outcome'] === 'limit') await decidedByRule(app, String(hit['case'])) },
    screenAgain: ({ postId }) => screenPostAgain(app, String(postId)),
    resolveLinks: ({ postId }) => resolveLinks(app, String(postId)),
    askClassifier: ({ postId }, { attempts, maxAttempts }) => askClassifier(app, String(postId), attempts >= maxAttempts),
    tryRule: ({ runId }) => tryRulePart(app, String(runId)),
    runImport: ({ id }) => runImport(app, String(id)),
    forgetOldImports: () => forgetOldImports(app),
    raiseTrust: () => raiseTrust(app),
    closeOverRaid: () => closeOverRaid(app),
    watchForRaid: () => watchForRaid(app),
    tidyScreening: () => tidyScreening(app),
    sweepHealth: () => sweepHealth(app),
    checkForUpdate: () => checkForUpdate(app),
    sweepHashes: () => sweepHashes(app),
    indexHashes: () => indexHashes(app),
    updateHashLists: () => updateHashLists(app),
    updateHashList: ({ listId }) => updateHashList(app, String(listId)),
    purgeDeletedPosts: () => purgeDeletedPosts(app),
    sendReset: ({ email }) => sendReset(app, String(email)),
    screenCard: ({ cardId }) => screenCard(app, String(cardId)),
    readCard: ({ cardId }) => readCard(app, String(cardId)),
    sweepCards: () => sweepCards(app),
    deliverWebhook: ({ deliveryId, again }) => deliverWebhook(app, String(deliveryId), again === true),
    sweepWebhookLog: () => sweepWebhookLog(app),
    resumeWebhooks: () => resumeWebhooks(app),
    backup: () => nightlyBackup(app),
    forgetEnded: () => forgetEnded(app),
    forgetUnusedApps: () => forgetUnusedApps(app),
    push: ({ notificationId, subscriptionId, tries }) => sendPush(app, String(notificationId), String(subscriptionId), Number(tries ?? 0)),
    forgetDeadPush: () => forgetDeadPush(app),
    sendMail: async ({ mailId }) => app.mailer.send(app.database.queries, String(mailId)),
  }
}

/** Crontab lines: job names on the clock, each run once across all processes. */
export const timetable = `
* * * * * endPolls
* * * * * liftEndedSuspensions
* * * * * tidyDesk
* * * * * alarmDesk
* * * * * alarmOrders
* * * * * closeOverRaid
*/5 * * * * watchForRaid
16 * * * * raiseTrust
9 4 * * * forgetOldImports
42 3 * * * sweepVault
23 * * * * retryVault
57 3 * * * forgetOldEvidence
11 2 * * * noteAuditHead
37 3 * * * tidyScreening
*/5 * * * * recomputeTrends
41 * * * * sweepUnattached
51 * * * * sweepFiles
*/10 * * * * adoptFiles
3 3 * * * renewMediaKey
33 2 * * * applyMediaRules
37 * * * * countMedia
46 * * * * sweepUploads
13 4 * * * sweepOrphans
7 3 * * * forgetEnded
22 2 * * * backup
58 2 * * * sweepWebhookLog
*/10 * * * * resumeWebhooks
53 2 * * * sweepCards
12 3 * * * forgetUnusedApps
2 3 * * * sweepHealth
19 5 * * * checkForUpdate
17 3 * * * forgetOldKeys
47 3 * * * forgetDeadPush
27 3 * * * purgeDeletedPosts
22 * * * * updateHashLists
`
