/** The light build has the same types; its package names none for it. */
declare module 'hls.js/light' {
  export { default } from 'hls.js'
}
