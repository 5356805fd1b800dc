"""What training keeps: courses that are edited as drafts, their sessions, and bookings of seats."""

from training.models.booking import Booking, BookingHistory, BookingState
from training.models.course import Course, Level
from training.models.session import CalledOff, CourseSession, SessionHistory, SessionState

__all__ = [
    "Booking",
    "BookingHistory",
    "BookingState",
    "CalledOff",
    "Course",
    "CourseSession",
    "Level",
    "SessionHistory",
    "SessionState",
]
