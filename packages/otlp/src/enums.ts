/** An enum as the byte that its column holds. What fits no byte is no value that OTLP defines, and becomes 0, unspecified. */
export function enumByte(value: number): number {
  return value > 0xff ? 0 : value;
}
