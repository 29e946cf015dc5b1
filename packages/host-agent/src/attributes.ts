/** What an attribute may hold here. Whole numbers are integers in OTLP. */
export type AttributeValue = string | number | boolean | readonly string[];

export type Attributes = Readonly<Record<string, AttributeValue>>;
