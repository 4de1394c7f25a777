export type AccountTab = 'posts' | 'replies' | 'media' | 'music'
