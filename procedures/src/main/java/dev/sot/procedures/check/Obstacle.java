package dev.sot.procedures.check;

/**
 * Why a check cannot be made.
 *
 * @param why as a clause
 * @param remedy what can be done
 */
record Obstacle(String why, String remedy) {}
