/** The signal of the same act, said again with what follows: a process that was killed between its commit and its words has spoken all the same. */
type Said = { authorId: string; key: string }

/** What happened. Rooms write these in the transaction of the act; events.ts decides what follows. Ids only. */
export type HearthEvent =
  | { type: 'post.created'; postId: string; said?: Said }
  | { type: 'post.edited'; postId: string }
  | { type: 'post.removed'; postId: string; authorId: string; said?: Said }
  | { type: 'post.liked'; postId: string; accountId: string }
  | { type: 'post.boosted'; postId: string; boostId: string; accountId: string; said?: Said }
  | { type: 'follow.requested' | 'follow.accepted'; followerId: string; followedId: string }
  | { type: 'poll.ended'; pollId: string; postId: string }
  | { type: 'account.joined' | 'account.waiting' | 'account.approved' | 'account.refused' | 'account.suspended' | 'account.deleted' | 'account.changed'; accountId: string }
  /** the switch against raids is on */
  | { type: 'raid.started' }
  | { type: 'report.made'; reportId: string }
  | { type: 'report.decided'; reportId: string; decisionId: string }
  | { type: 'decision.made'; decisionId: string }
  | { type: 'decision.reversed'; decisionId: string; inPart?: boolean }
  /** a slip, as if it had not been; these reports wait again */
  | { type: 'decision.undone'; decisionId: string; reportIds: string[] }
  | { type: 'case.decided'; caseId: string; decisionId: string }
  | { type: 'appeal.made' | 'appeal.decided'; caseId: string }
  | { type: 'appeal.words'; caseId: string; key: string }
  | { type: 'case.late'; caseId: string }
  | { type: 'case.words'; caseId: string; wordsId: string }
  | { type: 'notifications.made'; ids: string[] }
  | { type: 'announcement.published'; announcementId: string }
  | { type: 'media.ready' | 'media.failed'; mediaId: string }
  /** a film that is being made has a first picture */
  | { type: 'media.poster'; mediaId: string }
  /** something listed was found in it, for the first time */
  | { type: 'media.matched'; mediaId: string }
