const blockBytes = 4096;

/** What a file takes on disk: whole blocks, so that many small files are bounded too. */
export function diskBlocks(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / blockBytes)) * blockBytes;
}
