-- Who wants to hear of each post of somebody: of a hundred thousand followers a handful. Asked for at every post.
create index follows_notify on follows (followed_id) include (follower_id) where notify and state = 'accepted';
