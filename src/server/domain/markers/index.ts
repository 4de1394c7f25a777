export type { Marker, MarkedTimeline } from './markers.ts'
export { forgetMarkers, markersOf, setMarkers } from './markers.ts'
