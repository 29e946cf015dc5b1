export interface StackFrame {
  readonly text: string;
  /** own: of the application; library: of what it uses or runs on; message: what stands above the frames. */
  readonly kind: 'own' | 'library' | 'message';
}

/** Node, browsers (`at`, `@`), Python (`File`), Java and .NET (`at`), Go (a path with a line). */
const frame = /^\s*(at |File "|\.\.\. \d+ more|[^\s@]*@(?:https?|file):)|^\s+\S+\.(?:go|rb|php):\d+/;
const library =
  /^\s*\.\.\. |node_modules\/|\(node:|at node:|<anonymous>|internal\/|site-packages\/|dist-packages\/|\/lib\/python|at (?:java|javax|jdk|sun|kotlin|scala|org\.springframework|org\.apache|io\.netty|System|Microsoft)\.|\/usr\/local\/go\/|\/pkg\/mod\/|\/gems\//;

export function stackFrames(stack: string): StackFrame[] {
  return stack
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((text) => ({ text, kind: !frame.test(text) ? 'message' : library.test(text) ? 'library' : 'own' }));
}
