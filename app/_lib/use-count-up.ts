'use client';
import { useEffect, useRef, useState } from 'react';

const MILLISECONDS = 200;

/** Moves to a new value within 200 ms; at once on the first value and for people who want less motion. */
export function useCountUp(target: number | null): number | null {
  const [shown, setShown] = useState(target);
  const current = useRef(target);
  useEffect(() => {
    const from = current.current;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (target === null || from === null || from === target || still) {
      current.current = target;
      setShown(target);
      return;
    }
    const start = performance.now();
    let frame = requestAnimationFrame(function step(now) {
      const share = Math.min(1, (now - start) / MILLISECONDS);
      current.current = from + (target - from) * share;
      setShown(current.current);
      if (share < 1) frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [target]);
  return shown;
}
