interface Connected {
  /** Ends the connection: the next scrape opens another. */
  readonly drop: () => void;
  /** Says what to do about an error of the driver. */
  readonly advice: (error: unknown) => Error;
}

/** A scrape over a connection that is kept from one to the next. One that fails, or is told to stop, leaves nothing half read in it. */
export async function withConnection<T>(
  signal: AbortSignal,
  { advice, drop }: Connected,
  scrape: () => Promise<T>,
): Promise<T> {
  signal.addEventListener('abort', drop, { once: true });
  try {
    return await scrape();
  } catch (error) {
    drop();
    throw advice(error);
  } finally {
    signal.removeEventListener('abort', drop);
  }
}
