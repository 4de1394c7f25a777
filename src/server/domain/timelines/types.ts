export type AccountTab = 'posts' | 'replies' | 'media' | 'music'
/** A narrower view of a list. */
export type Narrow = { onlyMedia?: boolean; noReplies?: boolean; noBoosts?: boolean; /** only with this tag, with or without '#' */ tag?: string }
