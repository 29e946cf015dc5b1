/** Numbers of AMQP 0-9-1 that the broker speaks: class in the high 16 bits, method in the low (specification 1.1 to 1.8). */
export const method = {
  connectionStart: 0x0a_000a,
  connectionStartOk: 0x0a_000b,
  connectionTune: 0x0a_001e,
  connectionTuneOk: 0x0a_001f,
  connectionOpen: 0x0a_0028,
  connectionOpenOk: 0x0a_0029,
  connectionClose: 0x0a_0032,
  connectionCloseOk: 0x0a_0033,
  channelOpen: 0x14_000a,
  channelOpenOk: 0x14_000b,
  channelClose: 0x14_0028,
  channelCloseOk: 0x14_0029,
  queueDeclare: 0x32_000a,
  queueDeclareOk: 0x32_000b,
  queuePurge: 0x32_001e,
  queuePurgeOk: 0x32_001f,
  basicQos: 0x3c_000a,
  basicQosOk: 0x3c_000b,
  basicConsume: 0x3c_0014,
  basicConsumeOk: 0x3c_0015,
  basicCancel: 0x3c_001e,
  basicCancelOk: 0x3c_001f,
  basicPublish: 0x3c_0028,
  basicReturn: 0x3c_0032,
  basicDeliver: 0x3c_003c,
  basicAck: 0x3c_0050,
  basicReject: 0x3c_005a,
  basicNack: 0x3c_0078,
  confirmSelect: 0x55_000a,
  confirmSelectOk: 0x55_000b,
} as const;

export const basicClass = 60;

/** Reply codes (specification 1.2). */
export const reply = {
  success: 200,
  noRoute: 312,
  connectionForced: 320,
  notFound: 404,
  preconditionFailed: 406,
  frameError: 501,
  commandInvalid: 503,
  channelError: 504,
  unexpectedFrame: 505,
  notAllowed: 530,
  notImplemented: 540,
} as const;

/** A fault of the client. It costs the client its channel, or its whole connection, as the specification's table of codes says. */
export class ProtocolError extends Error {
  readonly replyCode: number;
  readonly scope: 'channel' | 'connection';

  constructor(scope: 'channel' | 'connection', replyCode: number, message: string) {
    super(message);
    this.scope = scope;
    this.replyCode = replyCode;
  }
}
