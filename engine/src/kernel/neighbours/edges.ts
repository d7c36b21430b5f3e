/** Edge lists that grow. */

/** Edge e goes from point senders[e] to point receivers[e]. */
export interface Edges {
  readonly senders: Int32Array;
  readonly receivers: Int32Array;
  /** [edges, dim], with a periodic box only. */
  readonly images?: Int32Array;
}

/** Collects edges in typed arrays, which double when they are full. */
export class EdgeList {
  private readonly dim: number;
  private senders = new Int32Array(1024);
  private receivers = new Int32Array(1024);
  private images: Int32Array;
  private size = 0;
  private imageSize = 0;

  /** @param dim numbers of an image; 0 for none */
  constructor(dim: number) {
    this.dim = dim;
    this.images = new Int32Array(1024 * dim);
  }

  add(sender: number, receiver: number): void {
    if (this.size === this.senders.length) {
      this.senders = doubled(this.senders);
      this.receivers = doubled(this.receivers);
    }
    this.senders[this.size] = sender;
    this.receivers[this.size++] = receiver;
  }

  /** One number of the image of the last edge. */
  addImage(number: number): void {
    if (this.imageSize === this.images.length) this.images = doubled(this.images);
    this.images[this.imageSize++] = number;
  }

  finish(): Edges {
    const senders = this.senders.slice(0, this.size);
    const receivers = this.receivers.slice(0, this.size);
    if (this.dim === 0) return { senders, receivers };
    return { senders, receivers, images: this.images.slice(0, this.imageSize) };
  }
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}
