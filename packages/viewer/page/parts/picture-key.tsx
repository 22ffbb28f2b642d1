/** How to read the pictures of the wire. */
export function PictureKey() {
  return (
    <p class="legend picture-key">
      <span class="dim">The pictures show what comes over the wire, from left to right:</span>
      <span class="key headers">headers</span>
      <span class="key event">event</span>
      <span class="key wait-thin">no bytes</span>
      <span class="key odd-fault">what broke it</span>
      <span class="key odd-anomaly">what was odd</span>
      <span class="key eof">end in order</span>
    </p>
  )
}
