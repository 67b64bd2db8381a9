/** The losses of a run, however long, in a list that stays short. */

const MOST = 1000;

/** When the list is full, every second entry goes, and from then on every second is kept. */
export class LossHistory {
  /** @param {number} first the loss before any training */
  constructor(first) {
    this.kept = [first];
    this.stride = 1;
    this.epoch = 0;
    this.last = first;
  }

  /** @param {number} loss after one more epoch */
  add(loss) {
    this.epoch += 1;
    this.last = loss;
    if (this.epoch % this.stride) return;
    this.kept.push(loss);
    if (this.kept.length > MOST) {
      this.kept = this.kept.filter((_, index) => index % 2 === 0);
      this.stride *= 2;
    }
  }

  /**
   * Points of the curve, the newest included.
   *
   * @returns {{epoch: number, loss: number}[]}
   */
  points() {
    const points = this.kept.map((loss, index) => ({ epoch: index * this.stride, loss }));
    if (this.epoch % this.stride) points.push({ epoch: this.epoch, loss: this.last });
    return points;
  }
}
