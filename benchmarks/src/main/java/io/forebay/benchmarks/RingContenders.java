package io.forebay.benchmarks;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.EventTranslatorOneArg;
import com.lmax.disruptor.YieldingWaitStrategy;
import io.forebay.buffer.OverflowStrategy;
import io.forebay.buffer.Reader;
import io.forebay.buffer.RingBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.ManyToManyConcurrentArrayQueue;
import org.jctools.queues.MpmcArrayQueue;
import org.jspecify.annotations.Nullable;

/** Our ring and its peers, each driven in the way that its own documentation recommends for throughput. All yield when they cannot go on. */
final class RingContenders {
    static final int CAPACITY = 65_536;
    private static final int DRAIN_LIMIT = 1024;

    private RingContenders() {}

    static RingContender create(String name, int readers) {
        return switch (name) {
            case "forebay" -> new Forebay(readers);
            case "jctools" -> new JcTools();
            case "agrona" -> new Agrona();
            case "disruptor" -> new Disruptor(readers);
            default -> throw new IllegalArgumentException("no such contender: " + name);
        };
    }

    private static final class Forebay implements RingContender {
        private final RingBuffer<Object> ring = RingBuffer.builder()
                .capacity(CAPACITY)
                .overflow(OverflowStrategy.BLOCK)
                .build();
        private final List<Reader<Object>> readers = new ArrayList<>();

        Forebay(int count) {
            for (int i = 0; i < count; i++) {
                readers.add(ring.gatingReader());
            }
        }

        @Override
        public void write(Object[] events, int count) {
            int mask = events.length - 1;
            for (int i = 0; i < count; i++) {
                Object event = events[i & mask];
                while (!ring.tryWrite(event)) {
                    Thread.yield();
                }
            }
        }

        @Override
        public long read(int reader, int count) {
            Reader<Object> source = readers.get(reader);
            Tally tally = new Tally();
            int seen = 0;
            while (seen < count) {
                int drained = source.drain(tally::add, Math.min(DRAIN_LIMIT, count - seen));
                seen += drained;
                if (drained == 0) {
                    Thread.yield();
                }
            }
            return count - tally.count;
        }
    }

    private static final class JcTools implements RingContender {
        private final MpmcArrayQueue<Object> queue = new MpmcArrayQueue<>(CAPACITY);

        @Override
        public void write(Object[] events, int count) {
            int mask = events.length - 1;
            for (int i = 0; i < count; i++) {
                Object event = events[i & mask];
                while (!queue.relaxedOffer(event)) {
                    Thread.yield();
                }
            }
        }

        @Override
        public long read(int reader, int count) {
            Tally tally = new Tally();
            int seen = 0;
            while (seen < count) {
                int drained = queue.drain(tally::add, Math.min(DRAIN_LIMIT, count - seen));
                seen += drained;
                if (drained == 0) {
                    Thread.yield();
                }
            }
            return count - tally.count;
        }
    }

    private static final class Agrona implements RingContender {
        private final ManyToManyConcurrentArrayQueue<Object> queue = new ManyToManyConcurrentArrayQueue<>(CAPACITY);

        @Override
        public void write(Object[] events, int count) {
            int mask = events.length - 1;
            for (int i = 0; i < count; i++) {
                Object event = events[i & mask];
                while (!queue.offer(event)) {
                    Thread.yield();
                }
            }
        }

        @Override
        public long read(int reader, int count) {
            Tally tally = new Tally();
            int seen = 0;
            while (seen < count) {
                int drained = queue.drain(tally::add, Math.min(DRAIN_LIMIT, count - seen));
                seen += drained;
                if (drained == 0) {
                    Thread.yield();
                }
            }
            return count - tally.count;
        }
    }

    /** Any number of producers, as ours; the event object of each slot holds the reference. */
    private static final class Disruptor implements RingContender {
        private static final EventTranslatorOneArg<Slot, Object> SET = (slot, sequence, event) -> slot.event = event;

        private final com.lmax.disruptor.RingBuffer<Slot> ring =
                com.lmax.disruptor.RingBuffer.createMultiProducer(Slot::new, CAPACITY, new YieldingWaitStrategy());
        private final List<BatchEventProcessor<Slot>> processors = new ArrayList<>();
        private final List<AtomicLong> counts = new ArrayList<>();
        private final long[] expected;

        Disruptor(int readers) {
            expected = new long[readers];
            for (int i = 0; i < readers; i++) {
                AtomicLong count = new AtomicLong();
                counts.add(count);
                BatchEventProcessor<Slot> processor = new BatchEventProcessorBuilder()
                        .build(ring, ring.newBarrier(), (slot, sequence, endOfBatch) -> {
                            if (slot.event != null) {
                                count.setPlain(count.getPlain() + 1);
                            }
                            if (endOfBatch) {
                                count.setRelease(count.getPlain());
                            }
                        });
                ring.addGatingSequences(processor.getSequence());
                processors.add(processor);
                Thread thread = new Thread(processor, "disruptor-" + i);
                thread.setDaemon(true);
                thread.start();
            }
        }

        @Override
        public void write(Object[] events, int count) {
            int mask = events.length - 1;
            for (int i = 0; i < count; i++) {
                Object event = events[i & mask];
                while (!ring.tryPublishEvent(SET, event)) {
                    Thread.yield();
                }
            }
        }

        /** The handler has a thread of its own; this one only waits for it, without taking its core. */
        @Override
        public long read(int reader, int count) {
            expected[reader] += count;
            while (counts.get(reader).getAcquire() < expected[reader]) {
                java.util.concurrent.locks.LockSupport.parkNanos(20_000);
            }
            return counts.get(reader).getAcquire() - expected[reader];
        }

        @Override
        public void close() {
            processors.forEach(BatchEventProcessor::halt);
        }

        private static final class Slot {
            @Nullable
            Object event;
        }
    }

    private static final class Tally {
        private int count;

        void add(@Nullable Object event) {
            if (event != null) {
                count++;
            }
        }
    }
}
