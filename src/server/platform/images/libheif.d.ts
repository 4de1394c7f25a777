/** The parts of libheif's C interface that Hearth calls, as numbers (pointers into the module's own memory). */
declare module 'libheif-js/wasm-bundle.js' {
  type Pointer = number
  const libheif: {
    HEAPU8: Uint8Array
    HEAPU32: Uint32Array
    _malloc(bytes: number): Pointer
    _free(at: Pointer): void
    _heif_context_alloc(): Pointer
    _heif_context_free(context: Pointer): void
    _heif_context_get_security_limits(context: Pointer): Pointer
    /** Functions that can fail write { code, subcode, message } where `error` points. */
    _heif_context_read_from_memory(error: Pointer, context: Pointer, from: Pointer, bytes: number, options: Pointer): void
    _heif_context_get_primary_image_handle(error: Pointer, context: Pointer, handle: Pointer): void
    _heif_image_handle_get_width(handle: Pointer): number
    _heif_image_handle_get_height(handle: Pointer): number
    _heif_image_handle_has_alpha_channel(handle: Pointer): number
    _heif_image_handle_get_raw_color_profile_size(handle: Pointer): number
    _heif_image_handle_get_raw_color_profile(error: Pointer, handle: Pointer, to: Pointer): void
    _heif_image_handle_get_nclx_color_profile(error: Pointer, handle: Pointer, profile: Pointer): void
    _heif_nclx_color_profile_free(profile: Pointer): void
    _heif_image_handle_release(handle: Pointer): void
    _heif_decode_image(error: Pointer, handle: Pointer, image: Pointer, colourSpace: number, chroma: number, options: Pointer): void
    _heif_image_get_width(image: Pointer, channel: number): number
    _heif_image_get_height(image: Pointer, channel: number): number
    _heif_image_get_plane_readonly(image: Pointer, channel: number, stride: Pointer): Pointer
    _heif_image_release(image: Pointer): void
  }
  export default libheif
}
