/** Tells the operator; the process decides how (one JSON log line). */
export type Report = (level: 'info' | 'warn' | 'error', message: string, details: Readonly<Record<string, unknown>>) => void;
