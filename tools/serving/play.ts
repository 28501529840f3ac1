import { eventually } from "../cluster/client.ts";
import { routesAnswer, type Scene, type Sent, type Stage } from "./scenes.ts";

/** A machine that ends pickers more often than this is too busy for the scenes. */
const MOST_TRIES = 4;

/**
 * Plays a scene once every route answers. A scene during which a container ended says nothing about the service: a
 * picker that a busy API server let end cannot answer until it is started again. Such a scene is played again.
 */
export async function playScene(scene: Scene, stage: Stage): Promise<Sent[]> {
  const { kubelet } = stage.serving;
  for (let tries = 1; ; tries++) {
    await kubelet.ready();
    await eventually("an answer of every route", async () => ((await routesAnswer(stage)) ? true : undefined));
    const before = kubelet.restarts();
    const sent = await scene.play(stage);
    if (tries === MOST_TRIES || sent.every(({ answer }) => answer.status === 200)) return sent;
    await kubelet.ready();
    if (kubelet.restarts() === before) return sent;
  }
}
