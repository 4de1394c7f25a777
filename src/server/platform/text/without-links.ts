/** The sanitiser's HTML with addresses of other places as plain words; names and tags of this place stay links. */
export function withoutLinks(html: string): string {
  return html.replace(/<a href="(?!\/)[^"]*"[^>]*>(.*?)<\/a>(?: <span class="link-host"[^>]*>.*?<\/span>)?/gs, '$1')
}
