/**
 * Every bound of the decoder. What exceeds one is rejected, counted and named to its sender; nothing is cut short in silence.
 * The size of a request is bounded by whoever reads it from the network.
 */
export const limits = {
  /** Levels of arrays and kvlists inside one attribute value or log body, in protobuf and JSON alike. Deeper: that item is rejected. */
  valueDepthMax: 50,
  /**
   * Items, events, links, exemplars, buckets and quantiles of one request together. An empty message is two bytes on the wire and up
   * to 200 in the columns, so without this bound 64 MiB would become 6 GiB. Items beyond it are rejected.
   */
  elementsPerRequestMax: 1_000_000,
  /** Scope attributes are repeated in each row: this many bytes of them count as one more element of the bound above. */
  scopeBytesPerElement: 64,
  /** A buffer that grew beyond this is given back when a batch is taken, so that one large batch does not hold memory for good. */
  keptBufferBytesMax: 8 * 1024 * 1024,
} as const;
