package org.ocpu.builder;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which packages need which; all names that are needed have needs of their own here, if only none. No recursion: it may be deep. */
final class NeedsGraph {
    private final SortedMap<String, Set<String>> needs;

    /** @param needs by name; both only of packages that are to be ordered */
    NeedsGraph(Map<String, Set<String>> needs) {
        this.needs = new TreeMap<>(needs);
    }

    /** Each after all that it needs, else by name; without what is in a circle, or needs something that is. */
    List<String> order() {
        Map<String, Integer> missing = new HashMap<>();
        PriorityQueue<String> ready = new PriorityQueue<>();
        needs.forEach((name, all) -> {
            missing.put(name, all.size());
            if (all.isEmpty()) {
                ready.add(name);
            }
        });
        Map<String, List<String>> dependents = dependents();
        List<String> order = new ArrayList<>(needs.size());
        while (!ready.isEmpty()) {
            String name = ready.remove();
            order.add(name);
            for (String dependent : dependents.getOrDefault(name, List.of())) {
                if (missing.merge(dependent, -1, Integer::sum) == 0) {
                    ready.add(dependent);
                }
            }
        }
        return order;
    }

    /** The sets of packages that need each other, directly or not, each with one circle through its first name. */
    List<Circle> circles() {
        Set<String> left = new HashSet<>(needs.keySet());
        order().forEach(left::remove);
        if (left.isEmpty()) {
            return List.of();
        }
        List<Circle> circles = new ArrayList<>();
        Map<String, List<String>> dependents = dependents();
        Set<String> seen = new HashSet<>();
        for (String last : finished(left)) {
            if (seen.contains(last)) {
                continue;
            }
            Set<String> members = reach(last, dependents, left, seen);
            seen.addAll(members);
            if (members.size() > 1 || needs.get(last).contains(last)) {
                circles.add(new Circle(members, way(members)));
            }
        }
        return circles;
    }

    /** @param way from a name back to it */
    record Circle(Set<String> members, List<String> way) {
        private static final int MOST = 12;

        @Override
        public String toString() {
            List<String> shown = new ArrayList<>(way.subList(0, Math.min(MOST, way.size())));
            if (way.size() > MOST) {
                shown.add("...");
                shown.add(way.get(0));
            }
            return String.join(" -> ", shown);
        }
    }

    private Map<String, List<String>> dependents() {
        Map<String, List<String>> dependents = new HashMap<>();
        needs.forEach((name, all) -> all.forEach(need ->
                dependents.computeIfAbsent(need, first -> new ArrayList<>()).add(name)));
        return dependents;
    }

    /** Of these, in the order in which a depth-first walk is done with them, the last first (Kosaraju's first walk). */
    private List<String> finished(Set<String> among) {
        Deque<String> done = new ArrayDeque<>();
        Set<String> entered = new HashSet<>();
        Set<String> left = new HashSet<>();
        for (String start : needs.keySet()) {
            Deque<String> stack = new ArrayDeque<>();
            if (among.contains(start)) {
                stack.push(start);
            }
            while (!stack.isEmpty()) {
                String name = stack.peek();
                if (entered.add(name)) {
                    needs.get(name).stream()
                            .filter(need -> among.contains(need) && !entered.contains(need))
                            .forEach(stack::push);
                } else {
                    stack.pop();
                    if (left.add(name)) {
                        done.push(name);
                    }
                }
            }
        }
        return new ArrayList<>(done);
    }

    private static Set<String> reach(
            String start, Map<String, List<String>> edges, Set<String> among, Set<String> without) {
        Set<String> reached = new HashSet<>(Set.of(start));
        Deque<String> open = new ArrayDeque<>(reached);
        while (!open.isEmpty()) {
            for (String next : edges.getOrDefault(open.remove(), List.of())) {
                if (among.contains(next) && !without.contains(next) && reached.add(next)) {
                    open.add(next);
                }
            }
        }
        return reached;
    }

    /** The shortest way from the first of them through others of them back to it. */
    private List<String> way(Set<String> members) {
        String start = members.stream().sorted().findFirst().orElseThrow();
        Map<String, String> cameFrom = new HashMap<>();
        Deque<String> open = new ArrayDeque<>(List.of(start));
        while (!cameFrom.containsKey(start)) {
            String name = open.remove();
            for (String next : needs.get(name)) {
                if (members.contains(next) && cameFrom.putIfAbsent(next, name) == null) {
                    open.add(next);
                }
            }
        }
        Deque<String> way = new ArrayDeque<>(List.of(start));
        String name = cameFrom.get(start);
        while (!name.equals(start)) {
            way.push(name);
            name = cameFrom.get(name);
        }
        way.push(start);
        return new ArrayList<>(way);
    }
}
