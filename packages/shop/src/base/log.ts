import { pino } from 'pino';

/** One JSON line per event on stdout, which the supervisor leads into a file. */
export const log = pino({ level: process.env['LOG_LEVEL'] ?? 'info' });
